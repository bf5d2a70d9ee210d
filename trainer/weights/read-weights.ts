import { readOnnx } from './import-onnx.ts';
import { readSafetensors } from './import-safetensors.ts';
import { type FileTensor, WeightFileFault } from './weight-file.ts';

const startsWith = (bytes: Buffer, text: string): boolean =>
  bytes.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));

/** Pickled checkpoints of PyTorch: a zip archive since 1.6, a bare pickle (protocol 2) before. */
const isPickle = (bytes: Buffer): boolean =>
  startsWith(bytes, 'PK\u0003\u0004') || (bytes[0] === 0x80 && (bytes[1] ?? 0) <= 5);

/** A header's length and then JSON: safetensors. */
const isSafetensors = (bytes: Buffer): boolean => bytes.length >= 9 && bytes[8] === 0x7b;

/**
 * The tensors of a file of weights, whatever its name: safetensors or ONNX, told by its content. A pickle is
 * refused unread, since loading one runs the code in it. Throws WeightFileFault.
 */
export function readWeightFile(bytes: Buffer): FileTensor[] {
  if (bytes.length === 0) throw new WeightFileFault('it is empty; copy it again');
  if (isPickle(bytes))
    throw new WeightFileFault(
      "it is a pickled PyTorch checkpoint, which can run any code when it is opened. Convert it on a machine that trusts it: python3 -c \"import torch; from safetensors.torch import save_file; s = torch.load('IN.pth', map_location='cpu', weights_only=True); s = s.get('state_dict', s); save_file({k: v.contiguous().clone() for k, v in s.items()}, 'OUT.safetensors')\"",
    );
  return isSafetensors(bytes) || bytes.length < 9
    ? readSafetensors(bytes)
    : readOnnxOrExplain(bytes);
}

/** What is neither is told so, rather than by the fault of one of the two formats. */
function readOnnxOrExplain(bytes: Buffer): FileTensor[] {
  // ModelProto begins with ir_version (field 1, varint).
  if (bytes[0] !== 0x08 && bytes[0] !== 0x3a && bytes[0] !== 0x12) return readSafetensors(bytes);
  return readOnnx(bytes);
}

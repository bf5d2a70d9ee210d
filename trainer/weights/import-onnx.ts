import { decodeNumbers, isNumberFormat, type NumberFormat } from './number-formats.ts';
import { bytesOf, type Field, integersOf, readFields } from './protobuf-reader.ts';
import { countOf, type FileTensor, WeightFileFault } from './weight-file.ts';

/** Element types of onnx.proto that hold real numbers (TensorProto.DataType). */
const formats: Readonly<Record<number, NumberFormat>> = {
  1: 'F32',
  10: 'F16',
  11: 'F64',
  16: 'BF16',
};

const textOf = (field: Field): string => Buffer.from(bytesOf(field)).toString('utf8');

/** Half-precision numbers that stand one by one in int32_data. */
function halves(bits: readonly number[]): Uint8Array {
  const words = Uint16Array.from(bits);
  return new Uint8Array(words.buffer);
}

/** TensorProto. */
function readTensor(bytes: Uint8Array): FileTensor {
  const shape: number[] = [];
  const parts: Uint8Array[] = [];
  const words: number[] = [];
  let name = '';
  let type = 0;
  let external = false;
  for (const field of readFields(bytes))
    switch (field.number) {
      case 1:
        shape.push(...integersOf(field));
        break;
      case 2:
        type = Number(field.value);
        break;
      case 4:
      case 9:
      case 10:
        // float_data, raw_data, double_data: numbers one after another, little endian.
        parts.push(bytesOf(field));
        break;
      case 5:
        words.push(...integersOf(field));
        break;
      case 8:
        name = textOf(field);
        break;
      case 14:
        external = Number(field.value) === 1;
        break;
      default:
    }
  const format = formats[type];
  return {
    name,
    shape,
    format: format ?? `type ${type}`,
    read: () => {
      if (external)
        throw new WeightFileFault(
          `the tensor ${name} lies in a file beside it; save the model as one file`,
        );
      if (format === undefined)
        throw new WeightFileFault(`the tensor ${name} holds no real numbers (type ${type})`);
      const raw = words.length > 0 ? halves(words) : Buffer.concat(parts);
      const values = decodeNumbers(raw, format);
      if (values.length !== countOf(name, shape))
        throw new WeightFileFault(
          `the tensor ${name} has ${values.length} numbers for the shape ${shape.join(' x ')}; export it again`,
        );
      return values;
    },
  };
}

/**
 * The initialisers of an ONNX model by their names (onnx.proto: ModelProto.graph = 7, GraphProto.initializer
 * = 5). Throws WeightFileFault where it is damaged or has none.
 */
export function readOnnx(bytes: Uint8Array): FileTensor[] {
  const tensors: FileTensor[] = [];
  for (const field of readFields(bytes))
    if (field.number === 7)
      for (const inner of readFields(bytesOf(field)))
        if (inner.number === 5) {
          const tensor = readTensor(bytesOf(inner));
          // Shapes, axes and factors of the graph itself are whole numbers or single ones.
          if (tensor.shape.length > 0 && isNumberFormat(tensor.format)) tensors.push(tensor);
        }
  if (tensors.length === 0)
    throw new WeightFileFault('it holds no weights; export the model with its weights inside');
  return tensors;
}

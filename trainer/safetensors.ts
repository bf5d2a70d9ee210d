import { z } from 'zod';

/** A file's contents are not what was written: cut off, changed, or of another kind. Never a failure to read them. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
}

/** A named array with its shape. */
export type NamedTensor = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
};

const productOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/**
 * Encodes float32 tensors as safetensors (8 bytes length, JSON header, data; little endian), readable by
 * PyTorch's and others' loaders. Metadata values are text.
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, values } of tensors) {
    if (values.length !== productOf(shape))
      throw new Error(`The tensor ${name} does not fill its shape.`);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    offset += values.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(Buffer.byteLength(text) / 8) * 8, ' '));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = tensors.map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return Buffer.concat([length, json, ...data]);
}

const count = z.number().int().min(0);
const fileHeader = z
  .object({ __metadata__: z.record(z.string(), z.string()).default({}) })
  .catchall(
    z.object({ dtype: z.string(), shape: z.array(count), data_offsets: z.tuple([count, count]) }),
  );

function parseHeader(text: string): z.infer<typeof fileHeader> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw new DamagedFile('The header of the safetensors file cannot be read.', { cause: error });
  }
  const { data } = fileHeader.safeParse(header);
  if (data === undefined) throw new DamagedFile('The safetensors file has no valid header.');
  return data;
}

/** Decodes float32 safetensors. Throws DamagedFile where it is cut off, holds another type or shapes that do not fit. */
export function decodeSafetensors(bytes: Buffer): {
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
} {
  if (bytes.length < 8) throw new DamagedFile('The safetensors file is cut off.');
  const length = Number(bytes.readBigUInt64LE());
  if (length > bytes.length - 8) throw new DamagedFile('The safetensors file is cut off.');
  const header = parseHeader(bytes.toString('utf8', 8, 8 + length));
  const { __metadata__: metadata, ...entries } = header;
  const start = 8 + length;
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      if (dtype !== 'F32') throw new DamagedFile(`The tensor ${name} is ${dtype}, not F32.`);
      if (to - from !== productOf(shape) * 4 || start + to > bytes.length)
        throw new DamagedFile(`The tensor ${name} does not fill its shape.`);
      const copy = Uint8Array.prototype.slice.call(bytes, start + from, start + to);
      return {
        name,
        shape,
        values: new Float32Array(copy.buffer, copy.byteOffset, copy.length / 4),
      };
    },
  );
  return { tensors, metadata };
}

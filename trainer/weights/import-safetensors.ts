import { z } from 'zod';
import { decodeNumbers, isNumberFormat, numberFormats } from './number-formats.ts';
import { countOf, type FileTensor, WeightFileFault } from './weight-file.ts';

/** The format's own limit of a header. */
const largestHeader = 100_000_000;

const entry = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

const again = 'copy or export it again';

function readHeader(bytes: Buffer): {
  readonly entries: Readonly<Record<string, unknown>>;
  readonly start: number;
} {
  if (bytes.length < 8) throw new WeightFileFault(`it is cut off; ${again}`);
  const length = bytes.readBigUInt64LE();
  if (length > BigInt(largestHeader))
    throw new WeightFileFault(
      `it is no safetensors file (its header would be ${length} bytes long); ${again}`,
    );
  const start = 8 + Number(length);
  if (start > bytes.length) throw new WeightFileFault(`it is cut off inside its header; ${again}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(bytes.toString('utf8', 8, start));
  } catch {
    throw new WeightFileFault(`its header is no JSON text; ${again}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new WeightFileFault(`its header lists no tensors; ${again}`);
  return { entries: parsed as Readonly<Record<string, unknown>>, start };
}

/**
 * The tensors of somebody's safetensors file (huggingface/safetensors, format): every number of the header is
 * checked against the file. Throws WeightFileFault.
 */
export function readSafetensors(bytes: Buffer): FileTensor[] {
  const { entries, start } = readHeader(bytes);
  const data = bytes.subarray(start);
  const taken: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  const tensors: FileTensor[] = [];
  for (const [name, value] of Object.entries(entries)) {
    if (name === '__metadata__') continue;
    const parsed = entry.safeParse(value);
    if (!parsed.success)
      throw new WeightFileFault(`its header does not describe the tensor ${name}; ${again}`);
    const {
      dtype,
      shape,
      data_offsets: [from, to],
    } = parsed.data;
    const count = countOf(name, shape);
    if (to > data.length)
      throw new WeightFileFault(`it is cut off inside the tensor ${name}; ${again}`);
    if (to < from || (isNumberFormat(dtype) && to - from !== count * numberFormats[dtype]))
      throw new WeightFileFault(
        `its header gives ${to - from} bytes for the tensor ${name} of ${count} numbers (${dtype}); ${again}`,
      );
    taken.push({ name, from, to });
    tensors.push({
      name,
      shape,
      format: dtype,
      read: () => {
        if (!isNumberFormat(dtype))
          throw new WeightFileFault(
            `the tensor ${name} is ${dtype}; save it as F32, F16, BF16 or F64`,
          );
        return decodeNumbers(data.subarray(from, to), dtype);
      },
    });
  }
  const order = taken.toSorted((a, b) => a.from - b.from || a.to - b.to);
  for (const [i, { name, from }] of order.entries()) {
    const before = order[i - 1];
    if (before !== undefined && from < before.to)
      throw new WeightFileFault(`the tensors ${before.name} and ${name} overlap; ${again}`);
  }
  return tensors;
}

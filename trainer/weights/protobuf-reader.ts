import { WeightFileFault } from './weight-file.ts';

/** A field of a protobuf message: a whole number, or bytes (texts, messages, packed lists, fixed numbers). */
export type Field = { readonly number: number; readonly value: bigint | Uint8Array };

const cutOff = (): never => {
  throw new WeightFileFault('it is cut off or no ONNX file; copy or export it again');
};

/** Reads a varint; answers it and where it ends. */
export function readVarint(bytes: Uint8Array, at: number): readonly [bigint, number] {
  let value = 0n;
  for (let k = 0; k < 10; k += 1) {
    const byte = bytes[at + k] ?? cutOff();
    value |= BigInt(byte & 127) << BigInt(7 * k);
    if (byte < 128) return [BigInt.asUintN(64, value), at + k + 1];
  }
  return cutOff();
}

/** The fields of a message in their order; nothing is copied. Throws WeightFileFault where it is damaged. */
export function* readFields(bytes: Uint8Array): Generator<Field, void> {
  let at = 0;
  while (at < bytes.length) {
    const [key, afterKey] = readVarint(bytes, at);
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (number === 0) cutOff();
    if (wire === 0) {
      const [value, end] = readVarint(bytes, afterKey);
      yield { number, value };
      at = end;
      continue;
    }
    let start = afterKey;
    let length = wire === 1 ? 8 : 4;
    if (wire === 2) {
      const [size, end] = readVarint(bytes, afterKey);
      if (size > BigInt(bytes.length)) cutOff();
      length = Number(size);
      start = end;
    } else if (wire !== 1 && wire !== 5) cutOff();
    if (start + length > bytes.length) cutOff();
    yield { number, value: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

/** Bytes of a field that must hold some. */
export function bytesOf({ value }: Field): Uint8Array {
  return value instanceof Uint8Array ? value : cutOff();
}

/** Whole numbers of a repeated field, packed or one by one. */
export function integersOf({ value }: Field): number[] {
  if (typeof value === 'bigint') return [Number(BigInt.asIntN(64, value))];
  const found: number[] = [];
  let at = 0;
  while (at < value.length) {
    const [each, end] = readVarint(value, at);
    found.push(Number(BigInt.asIntN(64, each)));
    at = end;
  }
  return found;
}

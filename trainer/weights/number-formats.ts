/** Formats of numbers in files of weights, by their names in safetensors; each with its bytes a number. */
export const numberFormats = { F64: 8, F32: 4, F16: 2, BF16: 2 } as const;
export type NumberFormat = keyof typeof numberFormats;

export function isNumberFormat(name: string): name is NumberFormat {
  return Object.hasOwn(numberFormats, name);
}

/** IEEE 754 binary16 -> number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Little-endian numbers of a format as float32; what float32 cannot hold becomes infinite. */
export function decodeNumbers(bytes: Uint8Array, format: NumberFormat): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = numberFormats[format];
  const values = new Float32Array(Math.floor(bytes.byteLength / size));
  const bits = new Uint32Array(values.buffer);
  for (let i = 0; i < values.length; i += 1)
    switch (format) {
      case 'F64':
        values[i] = view.getFloat64(8 * i, true);
        break;
      case 'F32':
        bits[i] = view.getUint32(4 * i, true);
        break;
      case 'F16':
        values[i] = fromHalf(view.getUint16(2 * i, true));
        break;
      case 'BF16':
        bits[i] = view.getUint16(2 * i, true) << 16;
        break;
      default:
        format satisfies never;
    }
  return values;
}

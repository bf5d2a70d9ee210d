import { type DecodedImage, fullWindow } from '../data/decoded-image.ts';

const isSpace = (byte: number | undefined): boolean =>
  byte === 32 || (byte !== undefined && byte >= 9 && byte <= 13);

/** Whether a file begins as a portable grey map does. */
export const isPgm = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && (bytes[1] === 0x32 || bytes[1] === 0x35) && isSpace(bytes[2]);

/** Takes the next number of a header or of plain pixels, past white space and comments. */
class Words {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    const bytes = this.#bytes;
    for (;;) {
      while (isSpace(bytes[this.at])) this.at += 1;
      if (bytes[this.at] !== 0x23) break;
      while (this.at < bytes.length && bytes[this.at] !== 10) this.at += 1;
    }
    let [value, digits] = [0, 0];
    for (let digit = (bytes[this.at] ?? 0) - 48; digit >= 0 && digit <= 9;) {
      value = value * 10 + digit;
      digits += 1;
      this.at += 1;
      digit = (bytes[this.at] ?? 0) - 48;
    }
    if (digits === 0 || digits > 9) throw new Error('The grey map (PGM) holds no number here.');
    return value;
  }
}

/** Decodes a portable grey map, plain (P2) or binary (P5), of 8 or 16 bit. Throws where it is none or ends early. */
export function decodePgm(bytes: Uint8Array): DecodedImage {
  if (!isPgm(bytes)) throw new Error('This is no grey map (PGM).');
  const words = new Words(bytes, 2);
  const [width, height, most] = [words.next(), words.next(), words.next()];
  if (width < 1 || height < 1 || width * height > 130e6 || most < 1 || most > 65535)
    throw new Error(`A grey map (PGM) of ${width} x ${height}, values to ${most}, is not read.`);
  const values = most > 255 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const decoded = {
    width,
    height,
    channels: 1,
    window: fullWindow(0, most),
    inverted: false,
  } as const;
  if (bytes[1] === 0x32) {
    for (let i = 0; i < values.length; i += 1) values[i] = words.next();
    return { ...decoded, values };
  }
  const depth = most > 255 ? 2 : 1;
  // One white space ends the header.
  const pixels = bytes.subarray(words.at + 1);
  if (pixels.length < values.length * depth) throw new Error('The grey map (PGM) ends too early.');
  for (let i = 0; i < values.length; i += 1) {
    const value =
      depth === 1
        ? (pixels[i] ?? 0)
        : // Most significant byte first.
          ((pixels[2 * i] ?? 0) << 8) | (pixels[2 * i + 1] ?? 0);
    values[i] = value;
  }
  return { ...decoded, values };
}

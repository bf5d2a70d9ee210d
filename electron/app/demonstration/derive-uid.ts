import { createHash } from 'node:crypto';

/**
 * A DICOM UID below 2.25 (PS3.5, B.2: the decimal form of a 128-bit UUID) that is always the same for
 * the same words.
 */
export function deriveUid(...words: readonly (string | number)[]): string {
  const hash = createHash('sha256').update(words.join('|')).digest();
  const [high, low] = [hash.readBigUInt64BE(0), hash.readBigUInt64BE(8)];
  // Version 8 and variant 1 of RFC 9562: a UUID made from a name by an own rule.
  const uuid =
    (((high & ~0xf000n) | 0x8000n) << 64n) | (low & 0x3fffffffffffffffn) | 0x8000000000000000n;
  return `2.25.${uuid}`;
}

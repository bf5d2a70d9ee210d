/** Transfer syntaxes that the viewer shows exactly, or lossy ones within what their decoder must give. */
const shown: readonly string[] = [
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.5',
  '1.2.840.10008.1.2.4.50',
  '1.2.840.10008.1.2.4.57',
  '1.2.840.10008.1.2.4.70',
  '1.2.840.10008.1.2.4.80',
  '1.2.840.10008.1.2.4.81',
  '1.2.840.10008.1.2.4.90',
  '1.2.840.10008.1.2.4.91',
  '1.2.840.10008.1.2.4.110',
  '1.2.840.10008.1.2.4.201',
  '1.2.840.10008.1.2.4.202',
  '1.2.840.10008.1.2.4.203',
];

/** Names of those that are refused, for the sentence. */
const refusedNames: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2.1.99': 'Deflated Explicit VR Little Endian',
  '1.2.840.10008.1.2.4.51': 'JPEG Extended, 12 bit',
  '1.2.840.10008.1.2.4.53': 'JPEG Spectral Selection (retired)',
  '1.2.840.10008.1.2.4.55': 'JPEG Full Progression (retired)',
};

/** Syntaxes whose pixel data stands uncompressed in the file, so that its length can be checked. */
const uncompressed: readonly string[] = shown.slice(0, 3);

export const isShown = (uid: string): boolean => shown.includes(uid);
export const isUncompressed = (uid: string): boolean => uncompressed.includes(uid);

/** Name and UID of a refused transfer syntax. */
export const nameSyntax = (uid: string): string => {
  const name = refusedNames[uid];
  return name === undefined ? uid : `${name}, ${uid}`;
};

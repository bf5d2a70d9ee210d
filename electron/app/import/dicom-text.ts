import type dicomParser from 'dicom-parser';

export type DataSet = ReturnType<typeof dicomParser.parseDicom>;

/** Text of an element that has plain letters alone (codes, numbers, UIDs); empty where there is none. */
export const text = (set: DataSet | undefined, tag: string): string =>
  (set?.string(tag) ?? '').trim();

/** Names of the encodings by the number of their defined term (PS3.3, C.12.1.1.2). */
const encodings: Readonly<Record<string, string>> = {
  '13': 'shift_jis',
  '58': 'gbk',
  '87': 'iso-2022-jp',
  '100': 'iso-8859-1',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'iso-8859-9',
  '149': 'euc-kr',
  '159': 'iso-2022-jp',
  '166': 'windows-874',
  '192': 'utf-8',
  '203': 'iso-8859-15',
};

/** Encoding of one value of Specific Character Set (0008,0005); undefined for none, or one not known. */
function encodingOf(term: string): string | undefined {
  if (term === 'GB18030' || term === 'GBK') return 'gb18030';
  return encodings[/IR ?(\d+)$/u.exec(term)?.[1] ?? ''];
}

const escape = 0x1b;

/** Text without escapes that only name a set of which the bytes tell already (PS3.5, 6.1.2.5). */
const dropEscapes = (text: string): string =>
  text
    .split(String.fromCodePoint(escape))
    .map((part, i) => (i === 0 ? part : part.replace(/^(?:\$\)?[@-D]|[()-][A-Z])/u, '')))
    .join('');

/** Text of one value or component group, in the character sets that the file states. */
function decode(bytes: Uint8Array, terms: readonly string[]): string {
  // The first set stands until an escape names one of the others.
  const term = bytes.includes(escape) ? terms.at(-1) : terms[0];
  const encoding = encodingOf(term ?? '');
  if (encoding !== undefined) return dropEscapes(new TextDecoder(encoding).decode(bytes));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('iso-8859-1').decode(bytes);
  }
}

function bytesOf(set: DataSet, tag: string): Uint8Array {
  const element = set.elements[tag];
  if (element === undefined) return new Uint8Array();
  const { dataOffset, length } = element;
  return set.byteArray.subarray(dataOffset, dataOffset + length) as Uint8Array;
}

const termsOf = (set: DataSet): readonly string[] =>
  (set.string('x00080005') ?? '').split('\\').map((term) => term.trim());

const clean = (text: string): string => text.replaceAll('\0', '').trim();

/** Free text of an element, in the character set that the file states; empty where there is none. */
export const freeText = (set: DataSet, tag: string): string =>
  clean(decode(bytesOf(set, tag), termsOf(set)));

/** Component groups of a name; in Japanese two-byte text the byte of "=" is half of a character. */
function groupsOf(bytes: Uint8Array): readonly Uint8Array[] {
  const groups: Uint8Array[] = [];
  let from = 0;
  let isTwoByte = false;
  for (const [i, byte] of bytes.entries()) {
    // ESC $ B, ESC $ @ and ESC $ ( D begin two-byte text; ESC $ ) sets the upper half alone.
    if (byte === escape) isTwoByte = bytes[i + 1] === 0x24 && bytes[i + 2] !== 0x29;
    if (byte !== 0x3d || isTwoByte) continue;
    groups.push(bytes.subarray(from, i));
    from = i + 1;
  }
  return [...groups, bytes.subarray(from)];
}

/**
 * A person's name in letters and, where the file has it, as it is written in ideographs (PS3.5, 6.2.1.1);
 * the third way, phonetic, is left out.
 */
export function personName(set: DataSet, tag: string): string {
  const terms = termsOf(set);
  return groupsOf(bytesOf(set, tag))
    .slice(0, 2)
    .map((group) => clean(decode(group, terms).replaceAll('^', ' ')))
    .filter((group) => group !== '')
    .join(' ');
}

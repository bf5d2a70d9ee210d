import type dicomParser from 'dicom-parser';

export type DataSet = ReturnType<typeof dicomParser.parseDicom>;

/** Terms of Specific Character Set (PS3.3, C.12.1.1.2), and the encoding that TextDecoder knows each by. */
const encodings: Readonly<Record<string, string>> = {
  '13': 'shift_jis',
  '58': 'gb18030',
  '87': 'iso-2022-jp',
  '100': 'windows-1252',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '126': 'iso-8859-7',
  '127': 'iso-8859-6',
  '138': 'iso-8859-8',
  '144': 'iso-8859-5',
  '148': 'windows-1254',
  '149': 'euc-kr',
  '159': 'iso-2022-jp',
  '166': 'windows-874',
  '192': 'utf-8',
  '203': 'iso-8859-15',
  GB18030: 'gb18030',
  GBK: 'gb18030',
};

/** Escapes that only say which set follows in the upper half: its decoder reads that half as it is. */
// oxlint-disable-next-line no-control-regex -- escapes begin with a control character
const designations = /\u001b(?:\$\)[AC]|[-)].)/gu;

/** The encoding of a data set's text: that of the last named set, which the ones before it only add to. */
function encodingOf(set: DataSet): string {
  const terms = (set.string('x00080005') ?? '').split('\\').map((term) => term.trim());
  const term = terms.findLast((each) => each !== '') ?? '';
  return encodings[/\d+$/u.exec(term)?.[0] ?? ''] ?? encodings[term] ?? 'windows-1252';
}

/** A text element in its own character set (0008,0005), without padding; empty where it is absent. */
export function readText(set: DataSet, tag: string): string {
  const element = set.elements[tag];
  if (element === undefined || element.length <= 0) return '';
  const { dataOffset, length } = element;
  const bytes = set.byteArray.subarray(dataOffset, dataOffset + length);
  const [text = ''] = new TextDecoder(encodingOf(set)).decode(bytes).split('\0');
  return text.replaceAll(designations, '').trim();
}

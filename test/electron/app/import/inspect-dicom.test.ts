import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectImage } from '../../../../electron/app/import/inspect-image.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import {
  type Element,
  encapsulate,
  makeSmallDicom,
  sequenceOf,
} from '../../../fixtures/small-dicom.ts';

/** The sentence with which a file is refused; empty where it is taken. */
function refusalOf(bytes: Uint8Array): string {
  try {
    inspectImage(bytes, 'file.dcm');
    return '';
  } catch (error) {
    assert.ok(error instanceof StationError, String(error));
    return wordError(error);
  }
}

test('a file without its whole header is refused with what to do: the viewer cannot open it', () => {
  const whole = Buffer.from(makeSmallDicom([1, 2]));
  assert.equal(refusalOf(whole), '');
  const withoutLength = Buffer.concat([whole.subarray(0, 132), whole.subarray(144)]);
  for (const bytes of [withoutLength, whole.subarray(128), whole.subarray(132)])
    assert.match(refusalOf(bytes), /without its whole file header.*Save it again/u);
});

/** What is read of a small file with these elements. */
const inspect = (...elements: Element[]) =>
  inspectImage(makeSmallDicom([1, 2], { elements }), 'file.dcm');

test('names are read in the character set that the file states', () => {
  const latin = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  const utf8 = latin(Buffer.from('Müller^Zoë'));
  const korean = '\u001b$)C\u00fb\u00f3^\u001b$)C\u00d1\u00ce\u00d4\u00d7';
  for (const [characterSet, name, expected] of [
    ['ISO_IR 192', utf8, 'Müller Zoë'],
    ['ISO_IR 100', 'Müller^Zoë', 'Müller Zoë'],
    ['', 'Müller^Zoë', 'Müller Zoë'],
    ['', utf8, 'Müller Zoë'],
    ['ISO_IR 144', '\u00bb\u00ee\u00da', 'Люк'],
    ['GB18030', `Wang=${latin(Uint8Array.of(0xcd, 0xf5))}`, 'Wang 王'],
    [
      '\\ISO 2022 IR 87',
      'Yamada^Tarou=\u001b$B;3ED\u001b(B^\u001b$BB@O:\u001b(B=\u001b$B$d$^\u001b(B',
      'Yamada Tarou 山田 太郎',
    ],
    // The first of these two has the byte of "=" in it.
    ['\\ISO 2022 IR 87', 'Haru=\u001b$B=U;3\u001b(B', 'Haru 春山'],
    ['\\ISO 2022 IR 149', `Hong^Gildong=${korean}`, 'Hong Gildong 洪 吉洞'],
    ['ISO_IR 13', '\u00d4\u00cf', 'ﾔﾏ'],
    ['ISO_IR 100', 'Doe^Jane=^=', 'Doe Jane'],
  ] as const) {
    const { study } = inspect([0x00080005, 'CS', characterSet], [0x00100010, 'PN', name]);
    assert.equal(study.patient, expected, characterSet);
  }
  const { study } = inspect([0x00080005, 'CS', 'ISO_IR 192'], [0x00081030, 'LO', utf8]);
  assert.equal(study.description, 'Müller^Zoë');
});

test('pixels of which the viewer would show others are refused with what they are', () => {
  const eight: Element[] = [
    [0x00280100, 'US', 8],
    [0x00280101, 'US', 8],
    [0x00280102, 'US', 7],
  ];
  const colour: Element[] = [...eight, [0x00280002, 'US', 3], [0x00280004, 'CS', 'RGB']];
  const cases: (readonly [string, RegExp, Element[], string?])[] = [
    ['12 bits allocated', /12 bits a value/u, [[0x00280100, 'US', 12]]],
    ['one bit', /1 bits a value/u, [[0x00280100, 'US', 1]]],
    [
      'values in the upper bits',
      /highest bit 15 of 12 bits/u,
      [
        [0x00280101, 'US', 12],
        [0x00280102, 'US', 15],
      ],
    ],
    ['signed bytes', /signed values of 8 bits/u, [...eight, [0x00280103, 'US', 1]]],
    ['a Modality LUT', /Modality LUT/u, [sequenceOf(0x00283000, [[0x00283004, 'LO', 'US']])]],
    ['a falling slope', /Slope below 0/u, [[0x00281053, 'DS', '-1']]],
    ['four samples', /4 samples/u, [[0x00280002, 'US', 4]]],
    ['deep colours', /more than 8 bits/u, [...colour, [0x00280100, 'US', 16]]],
    ['halved colours', /YBR_FULL_422/u, [...colour, [0x00280004, 'CS', 'YBR_FULL_422']]],
    ['an odd colour space', /CMYK/u, [[0x00280004, 'CS', 'CMYK']]],
    [
      'planes said of JPEG 2000',
      /planes/u,
      [...colour, [0x00280006, 'US', 1]],
      '1.2.840.10008.1.2.4.90',
    ],
    [
      'JPEG-LS by planes',
      /plane by plane/u,
      [
        ...colour,
        [0x7fe00010, 'OB', encapsulate(Buffer.from('ffd8ffda00080101000000000000ffd9', 'hex'))],
      ],
      '1.2.840.10008.1.2.4.80',
    ],
  ];
  for (const [name, expected, elements, syntax] of cases) {
    const bytes = makeSmallDicom([1, 2, 3], { elements, ...(syntax !== undefined && { syntax }) });
    assert.match(refusalOf(bytes), expected, name);
    assert.match(refusalOf(bytes), /cannot be shown exactly.*Export the image again/u, name);
  }
  const two = makeSmallDicom([1, 2, 3], { elements: [...colour, [0x00280011, 'US', 2]] });
  assert.equal(refusalOf(two), '');
});

test('compressed pixels that end early inside a whole file are refused', () => {
  const refusal = (syntax: string, more: Element[], ...frames: Buffer[]): string =>
    refusalOf(
      makeSmallDicom([1, 2, 3, 4], {
        syntax: `1.2.840.10008.1.2.${syntax}`,
        elements: [...more, [0x7fe00010, 'OB', encapsulate(...frames)]],
      }),
    );
  // Two segments, for the upper and the lower byte of four values: four times 0; 1, 2, 3, 4.
  const head = Buffer.alloc(64);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(64, 4);
  head.writeUInt32LE(66, 8);
  const rle = Buffer.concat([head, Buffer.of(0xfd, 0, 3, 1, 2, 3, 4)]);
  assert.equal(refusal('5', [], rle), '');
  assert.match(refusal('5', [], rle.subarray(0, 68)), /ends too early \(the RLE/u);
  assert.match(refusal('5', [], Buffer.alloc(80, 0xab)), /ends too early \(the RLE/u);
  const whole = Buffer.from('ff4fff510000ffd9', 'hex');
  const cut = whole.subarray(0, 4);
  const two: Element[] = [[0x00280008, 'IS', '2']];
  for (const syntax of ['4.50', '4.70', '4.80', '4.90', '4.201']) {
    assert.equal(refusal(syntax, [], cut, whole.subarray(4)), '', 'one frame in two pieces');
    assert.match(refusal(syntax, [], cut), /ends too early \(a compressed picture/u);
    assert.equal(refusal(syntax, two, whole, whole), '');
    assert.match(refusal(syntax, two, whole), /ends too early \(1 of 2 frames/u);
    assert.match(refusal(syntax, two, whole, cut), /ends too early \(a compressed picture/u);
  }
});

test('laterality and view are found where newer mammograms and tomosynthesis keep them', () => {
  const frames = (tag: number): Element =>
    sequenceOf(tag, [sequenceOf(0x00209071, [[0x00209072, 'CS', 'R']])]);
  const view = (code: string): Element => sequenceOf(0x00540220, [[0x00080100, 'SH', code]]);
  for (const [elements, laterality, viewPosition] of [
    [[frames(0x52009229), view('399368009')], 'R', 'MLO'],
    [[frames(0x52009230), view('R-10242')], 'R', 'CC'],
    [
      [[0x00200060, 'CS', 'L'], frames(0x52009229), [0x00185101, 'CS', 'ML'], view('R-10242')],
      'L',
      'ML',
    ],
    [[[0x00200062, 'CS', 'B'], view('T-04000')], null, null],
  ] as [Element[], string | null, string | null][]) {
    const { image } = inspect(...elements);
    assert.deepEqual([image.laterality, image.viewPosition], [laterality, viewPosition]);
  }
});

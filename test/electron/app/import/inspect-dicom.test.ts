import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectImage } from '../../../../electron/app/import/inspect-image.ts';
import { wordError } from '../../../../shared/messages/error-messages.ts';
import { StationError } from '../../../../shared/station-error.ts';
import { type Element, makeSmallDicom } from '../../../fixtures/small-dicom.ts';

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

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectDicom } from '../../../../electron/app/import/inspect-dicom.ts';
import { makeDicom } from '../../../fixtures/broken-files.ts';

/** The patient's name as it is listed, from its bytes in a character set. */
const nameIn = (characterSet: string | undefined, bytes: Buffer): string =>
  inspectDicom(
    makeDicom({ patientName: bytes, ...(characterSet === undefined ? {} : { characterSet }) }),
    'file.dcm',
    'hash',
  ).study.patient;

const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

test('a name is read in the character set that its file names', () => {
  assert.equal(nameIn('ISO_IR 192', Buffer.from('山田^太郎')), '山田 太郎');
  assert.equal(nameIn('ISO_IR 192', Buffer.from('Иванова^Александра')), 'Иванова Александра');
  assert.equal(nameIn('ISO_IR 100', latin('Müller^Zoë')), 'Müller Zoë');
  assert.equal(nameIn('ISO_IR 144', latin('\xbb\xee\xda^\xb0')), 'Люк А');
  assert.equal(nameIn('GB18030', latin('\xcd\xf5^\xd0\xa1\xb6\xab')), '王 小东');
});

test('a name with code extensions is read (examples of PS3.5, H.3 and I.2)', () => {
  assert.equal(
    nameIn('\\ISO 2022 IR 87', latin('Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B')),
    'Yamada Tarou=山田 太郎',
  );
  assert.equal(
    nameIn('\\ISO 2022 IR 149', latin('Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7')),
    'Hong Gildong=洪 吉洞',
  );
});

test('a name without a character set, or in an unknown one, is read as Latin', () => {
  assert.equal(nameIn(undefined, latin('Doe^Jane')), 'Doe Jane');
  assert.equal(nameIn('ISO_IR 999', latin('Bj\xf6rk^A\0')), 'Björk A');
});

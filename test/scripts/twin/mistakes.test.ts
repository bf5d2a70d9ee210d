import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { Interruption, runOnTerminal, runScript } from '../../../scripts/twin/terminal-run.ts';
import { readTwinCommand } from '../../../scripts/twin/twin-options.ts';
import { StationError } from '../../../shared/station-error.ts';
import { wordReadFault, wordWriteFault } from '../../../trainer/twin/file-faults.ts';
import { writeMadeUpFiles } from '../../fixtures/twin-files.ts';

type Files = { readonly images: string; readonly labels: string; readonly gaze: string };

function openFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-twin-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const small = ['--side', '32', '--batch', '4', '--epochs', '1', '--test-share', '0.4'];

const argumentsOf = ({ images, labels, gaze }: Files, out: string): string[] =>
  ['--images', images, '--labels', labels, '--gaze', gaze, '--out', out].concat(small);

const interruption = new Interruption();

/** What the command says on a mistake, and its exit code; an error that nobody has worded is thrown. */
async function complaintOf(
  t: TestContext,
  args: readonly string[],
): Promise<{ readonly said: string; readonly code: unknown }> {
  const lines: string[] = [];
  const said = t.mock.method(console, 'error', (line: string) => lines.push(line));
  const before = process.exitCode;
  try {
    await runScript(async () => {
      const { plan, outFolder, threads } = readTwinCommand(args);
      await runOnTerminal(plan, outFolder, threads, interruption);
    });
    return { said: lines.join('\n'), code: process.exitCode };
  } finally {
    process.exitCode = before;
    said.mock.restore();
  }
}

/** A file with a line, counted from 1, made another one. */
function changeLine(file: string, line: number, change: (text: string) => string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  lines[line - 1] = change(lines[line - 1] ?? '');
  writeFileSync(file, lines.join('\n'));
}

const asFixations = (duration: string) => (file: string) =>
  writeFileSync(file, `image,x,y,time_ms,duration_ms\nmade-up-00,4,5,0,${duration}\n`);

type Mistake = {
  readonly name: string;
  /** Changes the files, which are good ones, and may answer options to add. */
  readonly make: (files: Files) => readonly string[] | void;
  readonly says: RegExp;
};

const other = (name: string, option: string, value: string, says: RegExp): Mistake => ({
  name,
  make: () => [option, value],
  says,
});

const mistakes: readonly Mistake[] = [
  {
    name: 'no file of gaze',
    make: ({ gaze }) => rmSync(gaze),
    says: /gaze\.csv is not there/u,
  },
  {
    name: 'no file of labels',
    make: ({ labels }) => rmSync(labels),
    says: /labels\.csv is not there/u,
  },
  {
    name: 'no folder of images',
    make: ({ images }) => rmSync(images, { recursive: true }),
    says: /images is not there/u,
  },
  {
    name: 'a folder as gaze',
    make: ({ images }) => ['--gaze', images],
    says: /"images" does not fit: it is a folder; name the file/u,
  },
  {
    name: 'a folder as labels',
    make: ({ images }) => ['--labels', images],
    says: /"images" does not fit: it is a folder; name the file/u,
  },
  {
    name: 'a file as images',
    make: ({ gaze }) => ['--images', gaze],
    says: /"gaze\.csv" does not fit: it is a file where a folder is needed/u,
  },
  {
    name: 'a file as the folder of the run',
    make: ({ gaze }) => ['--out', gaze],
    says: /"--out" does not fit: .*gaze\.csv or what the run keeps in it is a file/u,
  },
  {
    name: 'an empty folder of images',
    make: ({ images }) => {
      rmSync(images, { recursive: true });
      mkdirSync(images);
    },
    says: /"images" does not fit: the folder holds no files/u,
  },
  {
    name: 'a broken image',
    make: ({ images }) => writeFileSync(path.join(images, 'made-up-03.pgm'), 'P5\n32 32\n255\nab'),
    says: /made-up-03\.pgm: The grey map \(PGM\) ends too early/u,
  },
  {
    name: 'an image of no known kind',
    make: ({ images }) => writeFileSync(path.join(images, 'made-up-03.pgm'), ''),
    says: /"made-up-03\.pgm" does not fit: it is no PNG, JPEG, DICOM or PGM image/u,
  },
  {
    name: 'labels that name no image',
    make: ({ labels }) => writeFileSync(labels, 'image,label\nx1,a\nx2,b\n'),
    says: /"labels\.csv" does not fit: none of its images is in .*images \(the first is "x1"\)/u,
  },
  {
    name: 'gaze that names no image',
    make: ({ gaze }) => writeFileSync(gaze, 'image,x,y,time_ms\nx1,1,2,0\n'),
    says: /"gaze\.csv" does not fit: none of its images is in .*images \(the first is "x1"\)/u,
  },
  {
    name: 'gaze on one image alone',
    make: ({ gaze }) => writeFileSync(gaze, 'image,x,y,time_ms\nmade-up-00,1,2,0\n'),
    says: /"gaze\.csv" does not fit: [01] of the \d+ labelled images that train have gaze/u,
  },
  ...(['labels', 'gaze'] as const).flatMap((kind): Mistake[] => [
    {
      name: `an empty file of ${kind}`,
      make: (files) => writeFileSync(files[kind], ''),
      says: new RegExp(`"${kind}\\.csv" does not fit: it is empty`, 'u'),
    },
    {
      name: `${kind} with a header alone`,
      make: (files) =>
        writeFileSync(files[kind], kind === 'labels' ? 'image,label\r\n' : 'image,x,y,t_ms\r\n'),
      says: new RegExp(`"${kind}\\.csv" does not fit: it has a header and no row`, 'u'),
    },
    {
      name: `${kind} in Latin-1`,
      make: (files) => {
        changeLine(files[kind], 3, (text) => text.replace('made', 'l\u00E9sion'));
        writeFileSync(files[kind], readFileSync(files[kind], 'utf8'), 'latin1');
      },
      says: new RegExp(`"${kind}\\.csv, line 3" does not fit: it is not UTF-8 text; save`, 'u'),
    },
    {
      name: `${kind} in UTF-16`,
      make: (files) =>
        writeFileSync(files[kind], `\uFEFF${readFileSync(files[kind], 'utf8')}`, 'utf16le'),
      says: new RegExp(`"${kind}\\.csv, line 1" does not fit: it is not UTF-8 text`, 'u'),
    },
  ]),
  {
    name: 'an image with two labels',
    make: ({ labels }) => writeFileSync(labels, 'image,label\nmade-up-00,a\nmade-up-00.pgm,b\n'),
    says: /"labels\.csv, line 3" .*made-up-00\.pgm stands in line 2 already/u,
  },
  {
    name: 'an image with two sides',
    make: ({ labels }) =>
      writeFileSync(labels, 'image,label,side\nmade-up-00,a,L\nmade-up-00,a,R\nmade-up-01,b,L\n'),
    says: /"labels\.csv, line 3" .*made-up-00 stands in line 2 already/u,
  },
  {
    name: 'decimals with a comma',
    make: ({ gaze }) => writeFileSync(gaze, 'image;x;y;time_ms\r\nmade-up-00;1,5;2;0\r\n'),
    says: /"gaze\.csv, line 2" .*x is "1,5", not a number \(decimals have a point\)/u,
  },
  ...['1e12', '-5', '60001'].map((duration): Mistake => ({
    name: `a fixation of ${duration} ms`,
    make: ({ gaze }) => asFixations(duration)(gaze),
    says: /"gaze\.csv, line 2" .*duration_ms is "[^"]+": a fixation has 0 to 60,000 milli/u,
  })),
  {
    name: 'a fixation of NaN ms',
    make: ({ gaze }) => asFixations('NaN')(gaze),
    says: /"gaze\.csv, line 2" .*duration_ms is "NaN", not a number/u,
  },
  other('threads in words', '--threads', 'abc', /"--threads" .*"abc" is no number from 1 to 256/u),
  other('no threads', '--threads', '0', /"--threads" .*"0" is no number from 1 to 256/u),
  other('a part of a thread', '--threads', '1.5', /"--threads" .*no whole number/u),
  other('no seeds', '--seeds', '0', /"--seeds" .*"0" is no number from 1 to 100/u),
  other('too many seeds', '--seeds', '1e9', /"--seeds" .*is no number from 1 to 100/u),
  other('a side in words', '--side', 'wide', /"--side" does not fit: "wide" is no number/u),
  other('an odd side', '--side', '33', /"--side" does not fit: .*multiple of 32/u),
  other('an empty rate', '--rate', '', /"--rate" does not fit: "" is no number from 0\.0005/u),
  other('a threshold over 1', '--threshold', '2', /"--threshold" .*no number from 0 to 1/u),
  other('a batch that is not there', '--batch', '30', /"--batch" .*take a smaller batch/u),
  other('a test share of all', '--test-share', '1', /"--test-share" does not fit/u),
  other('no degree', '--px-per-degree', '0', /"--px-per-degree" does not fit/u),
];

test('a mistake ends the command with what is wrong where, and leaves nothing', async (t) => {
  for (const { name, make, says } of mistakes)
    await t.test(name, async (t_) => {
      const folder = openFolder(t_);
      const files = writeMadeUpFiles(folder);
      const out = path.join(folder, 'out');
      const more = make(files) ?? [];
      const { said, code } = await complaintOf(t_, [...argumentsOf(files, out), ...more]);
      assert.match(said, says);
      assert.equal(code, 2);
      assert.ok(!existsSync(out), 'nothing is written');
    });
});

test('the script itself ends with a sentence and no stack', (t) => {
  const folder = openFolder(t);
  const files = writeMadeUpFiles(folder);
  rmSync(files.gaze);
  const script = path.resolve(import.meta.dirname, '../../../scripts/twin.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    [script, ...argumentsOf(files, path.join(folder, 'out'))],
    { encoding: 'utf8' },
  );
  assert.equal(status, 2);
  assert.match(stderr, /^\S*gaze\.csv is not there any more\. Put it back or choose another\.\n$/u);
});

test('a full disk is told, and no half file stays', async (t) => {
  if (!existsSync('/dev/full')) return t.skip('There is no /dev/full here.');
  const folder = openFolder(t);
  const files = writeMadeUpFiles(folder);
  const out = path.join(folder, 'out');
  mkdirSync(out);
  symlinkSync('/dev/full', path.join(out, 'fingerprint.txt.part'));
  const { said, code } = await complaintOf(t, argumentsOf(files, out));
  assert.match(said, /The disk of \S+out is full\. Free some space/u);
  assert.equal(code, 2);
  assert.deepEqual(
    readdirSync(out).filter((name) => name.startsWith('fingerprint')),
    [],
  );
});

test('failures of the file system are worded for reading and for writing', () => {
  const failed = (code: string): Error => Object.assign(new Error(code), { code });
  const codeOf = (error: unknown): string =>
    error instanceof StationError
      ? `${error.code} ${String(error.details['field'] ?? error.details['file'] ?? error.details['folder'])}`
      : 'as it is';
  for (const [code, reading, writing] of [
    ['ENOENT', 'file-missing /a/b.csv', 'as it is'],
    ['EACCES', 'no-permission /a/b.csv', 'invalid-input --out'],
    ['EPERM', 'no-permission /a/b.csv', 'invalid-input --out'],
    ['EROFS', 'as it is', 'invalid-input --out'],
    ['EISDIR', 'invalid-input b.csv', 'invalid-input --out'],
    ['ENOTDIR', 'invalid-input b.csv', 'invalid-input --out'],
    ['EIO', 'invalid-input b.csv', 'as it is'],
    ['ENOSPC', 'as it is', 'disk-full /a/b.csv'],
    ['EDQUOT', 'as it is', 'disk-full /a/b.csv'],
  ] as const) {
    assert.equal(codeOf(wordReadFault(failed(code), '/a/b.csv')), reading);
    assert.equal(codeOf(wordWriteFault(failed(code), '/a/b.csv')), writing);
  }
});

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { type Application, openApplication } from '../../../electron/app/application.ts';
import { createNodeHost } from '../../../electron/host/node-host.ts';
import type { ImportProgress, ImportReport } from '../../../shared/ipc/answers.ts';
import { wordError } from '../../../shared/messages/error-messages.ts';
import { makeDicom, makeHugePng, makeJpeg, makePng } from '../../fixtures/broken-files.ts';

const shared = path.resolve(import.meta.dirname, '../../../../shared/data');

function makeFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-import-'));
  t.after(() => {
    spawnSync('chmod', ['-R', 'u+rwx', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

async function openStation(t: TestContext, dataFolder: string): Promise<Application> {
  const application = await openApplication(createNodeHost(dataFolder), { demonstration: false });
  t.after(() => application.close());
  return application;
}

function importFolder(application: Application, ...paths: string[]): Promise<ImportReport> {
  return application.importer.importPaths(application.importer.begin(0), paths);
}

/** Refusals by file name, as sentences. */
const refusalsOf = (report: ImportReport): Record<string, string> =>
  Object.fromEntries(
    report.refusals.map(({ file, error }) => [path.basename(file), wordError(error)]),
  );

const studies = async (application: Application): Promise<number> => {
  const page = await application.call('worklist.page', {
    modality: null,
    status: null,
    text: '',
    offset: 0,
    limit: 1,
  });
  return page.total;
};

test('whole files are taken, broken ones refused with their reason, a second import adds nothing', async (t) => {
  const folder = makeFolder(t);
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'deep'), { recursive: true });
  const files: Record<string, Buffer> = {
    'a.png': makePng(),
    'deep/b.jpg': makeJpeg(),
    'c.dcm': makeDicom(),
    'd.dcm': makeDicom({ instance: '1.2.3.5', laterality: 'R' }),
    'truncated.dcm': makeDicom({ pixels: 20 }),
    'text.dcm': Buffer.from('Dear colleague, this is not a picture.'),
    'empty.jpg': Buffer.alloc(0),
    'half.jpg': makeJpeg(5).subarray(0, 400),
    'half.png': makePng(9).subarray(0, 50),
    'huge.png': makeHugePng(),
    'extended.dcm': makeDicom({ syntax: '1.2.840.10008.1.2.4.51' }),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(source, name), bytes);
  symlinkSync(source, path.join(source, 'deep/circle'));
  const data = path.join(folder, 'data');
  const application = await openStation(t, data);
  const report = await importFolder(application, source);
  assert.deepEqual([report.taken, report.alreadyThere, report.refused], [4, 0, 7]);
  assert.equal(report.done, report.total);
  const refused = refusalsOf(report);
  for (const [name, expected] of [
    ['truncated.dcm', /ends too early \(40 of 128 bytes/u],
    ['text.dcm', /not a DICOM, JPEG or PNG/u],
    ['empty.jpg', /empty \(0 bytes\)/u],
    ['half.jpg', /ends too early/u],
    ['half.png', /ends too early/u],
    ['huge.png', /too large \(30000 x 30000/u],
    ['extended.dcm', /JPEG Extended, 12 bit.*refused/u],
  ] as const)
    assert.match(refused[name] ?? '', expected, name);
  assert.equal(await studies(application), 3);
  const again = await importFolder(application, source);
  assert.deepEqual([again.taken, again.alreadyThere, again.refused], [0, 4, 7]);
  assert.equal(await studies(application), 3);
  const stored = readdirSync(path.join(data, 'files'), { recursive: true, withFileTypes: true });
  assert.equal(stored.filter((entry) => entry.isFile()).length, 4);
});

test('the worklist is told of what was taken while an import runs, every two seconds at most', async (t) => {
  const folder = makeFolder(t);
  const source = path.join(folder, 'source');
  mkdirSync(source);
  for (let i = 0; i < 9; i += 1) writeFileSync(path.join(source, `${i}.png`), makePng(i));
  let nowMs = 1_790_000_000_000;
  /** How many files had been looked at when the worklist was told. */
  const toldAt: number[] = [];
  let done = 0;
  const host = createNodeHost(path.join(folder, 'data'), (topic, value) => {
    if (topic === 'import.progress') {
      done = (value as ImportProgress).done;
      nowMs += 1000;
    } else if (topic === 'worklist.changed') toldAt.push(done);
  });
  const application = await openApplication(host, { demonstration: false, nowMs: () => nowMs });
  t.after(() => application.close());
  const report = await importFolder(application, source);
  assert.equal(report.taken, 9);
  assert.ok(toldAt.length > 2 && toldAt.length < 8, toldAt.join());
  assert.ok((toldAt[0] ?? 9) < 9 && toldAt.at(-1) === 9, toldAt.join());
});

test('both breasts of a study hang together, with laterality and view from the file', async (t) => {
  const folder = makeFolder(t);
  const application = await openStation(t, path.join(folder, 'data'));
  const source = path.join(folder, 'source');
  mkdirSync(source);
  writeFileSync(path.join(source, 'l.dcm'), makeDicom());
  writeFileSync(
    path.join(source, 'r.dcm'),
    makeDicom({ instance: '1.9', laterality: 'R', view: 'MLO' }),
  );
  await importFolder(application, source);
  const study = await application.call('study.open', { studyId: 1 });
  assert.deepEqual(
    [study.modality, study.patient, study.studyDate],
    ['MG', 'Doe Jane', '2026-01-02'],
  );
  assert.deepEqual(
    study.imageList.map(({ laterality, viewPosition }) => [laterality, viewPosition]),
    [
      ['L', 'CC'],
      ['R', 'MLO'],
    ],
  );
});

test(
  'every shared DICOM file is taken or refused with a sentence',
  {
    skip: existsSync(shared) ? false : 'the shared files are absent',
  },
  async (t) => {
    const folder = makeFolder(t);
    const application = await openStation(t, path.join(folder, 'data'));
    for (const name of ['dicom-bad', 'dicom-syntaxes', 'dicom-mammo']) {
      const report = await importFolder(application, path.join(shared, name));
      assert.equal(report.taken + report.refused + report.alreadyThere, report.total);
      assert.ok(report.taken > 0 && report.refused > 0);
      for (const { file, error } of report.refusals) {
        const sentence = wordError(error);
        assert.notEqual(error.code, 'internal', file);
        assert.match(sentence, /^[A-Z].*\.$/su, file);
      }
    }
  },
);

test('a folder and a file without permission are named, the others taken', async (t) => {
  const folder = makeFolder(t);
  chmodSync(folder, 0o755);
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'closed'), { recursive: true });
  writeFileSync(path.join(source, 'closed/inside.png'), makePng(1));
  writeFileSync(path.join(source, 'secret.png'), makePng(2));
  writeFileSync(path.join(source, 'open.png'), makePng(3));
  chmodSync(path.join(source, 'closed'), 0o000);
  chmodSync(path.join(source, 'secret.png'), 0o000);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  chmodSync(data, 0o777);
  const isRoot = process.getuid?.() === 0;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      path.resolve(import.meta.dirname, '../../../bin/fovea.mjs'),
      'import',
      source,
      '--data-folder',
      data,
      '--json',
    ],
    { encoding: 'utf8', ...(isRoot && { uid: 65534, gid: 65534 }) },
  );
  if (stderr.includes('EACCES') && status !== 3 && stdout === '') {
    t.skip('the program cannot be read by another user here');
    return;
  }
  assert.equal(status, 3, stderr);
  const report = JSON.parse(stdout) as ImportReport;
  assert.equal(report.taken, 1);
  const refused = refusalsOf(report);
  assert.match(refused['closed'] ?? '', /No permission to read .*closed/u);
  assert.match(refused['secret.png'] ?? '', /No permission to read .*secret\.png/u);
});

test('a disk that fills during an import stops it with what was taken kept', async (t) => {
  const folder = makeFolder(t);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', data], { stdio: 'ignore' });
  } catch {
    t.skip('a small file system cannot be mounted here (needs root)');
    return;
  }
  try {
    const source = path.join(folder, 'source');
    mkdirSync(source);
    // Noise does not compress: each file has about 250 kB.
    for (let i = 0; i < 20; i += 1) {
      const padding = Buffer.alloc(250_000, i);
      writeFileSync(path.join(source, `${i}.png`), Buffer.concat([makePng(i), padding]));
    }
    const application = await openApplication(createNodeHost(data), { demonstration: false });
    try {
      const report = await importFolder(application, source);
      assert.equal(report.stopped?.code, 'disk-full');
      assert.match(wordError(report.stopped), /disk .* is full.*kept/u);
      assert.ok(report.taken > 0 && report.taken < 20, `${report.taken}`);
      assert.equal(await studies(application), report.taken);
      const stored = readdirSync(path.join(data, 'files'), {
        recursive: true,
        withFileTypes: true,
      });
      const names = stored.filter((entry) => entry.isFile()).map((entry) => entry.name);
      assert.equal(names.length, report.taken, 'no half file is left');
      const uploading = application.importer.begin(2);
      const big = Buffer.concat([makePng(99), Buffer.alloc(4_500_000, 1)]);
      assert.equal(await application.importer.importBytes(uploading, 'big.png', big), false);
      assert.equal(await application.importer.importBytes(uploading, 'small.png', big), false);
      assert.equal(application.importer.end(uploading).taken, 0);
    } finally {
      await application.close();
    }
  } finally {
    execFileSync('umount', [data]);
  }
});

test('a data folder that was moved away is told, nothing is made in its place, and back it works on', async (t) => {
  const folder = makeFolder(t);
  const data = path.join(folder, 'data');
  const source = path.join(folder, 'a.png');
  writeFileSync(source, makePng());
  const application = await openStation(t, data);
  renameSync(data, `${data}-moved`);
  const sender = { url: 'app://station/index.html', isMainFrame: true };
  const reply = await application.handle(sender, 'settings.get', {});
  assert.equal(reply.ok ? '' : reply.error.code, 'data-folder-missing');
  const report = await importFolder(application, source);
  assert.equal(report.stopped?.code, 'data-folder-missing');
  assert.equal(existsSync(data), false);
  renameSync(`${data}-moved`, data);
  assert.equal((await application.handle(sender, 'settings.get', {})).ok, true);
  assert.equal((await importFolder(application, source)).taken, 1);
});

test('an upload takes the same way as a file, an unknown import is not found', async (t) => {
  const folder = makeFolder(t);
  const application = await openStation(t, path.join(folder, 'data'));
  const { importId } = await application.call('import.begin-upload', { files: 2 });
  const upload = (id: number, name: string, body: Buffer): Promise<Response> =>
    application.serve(
      new Request(`app://station/upload/${id}?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        body: new Uint8Array(body),
      }),
    );
  assert.equal((await upload(importId, 'eye (1).png', makePng())).status, 204);
  assert.equal((await upload(importId, 'letter.dcm', Buffer.from('Dear'))).status, 204);
  assert.equal((await upload(999, 'x.png', makePng(4))).status, 404);
  const report = await application.call('import.end-upload', { importId });
  assert.deepEqual([report.taken, report.refused], [1, 1]);
  const study = await application.call('study.open', { studyId: 1 });
  assert.equal(study.patient, 'eye (1)');
  const image = await application.serve(new Request('app://station/image/1'));
  assert.equal(image.headers.get('content-type'), 'image/png');
  assert.deepEqual(Buffer.from(await image.arrayBuffer()), makePng());
});

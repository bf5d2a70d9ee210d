import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sha256Of } from '../../../electron/app/file-store.ts';
import { lockDataFolder } from '../../../electron/app/station-lock.ts';
import { registerEncoder } from '../../../electron/app/training/register-model.ts';
import type { RunDetail } from '../../../shared/ipc/answers.ts';
import { addRun } from '../../fixtures/model-evaluation.ts';
import { addReader, openIn } from '../../fixtures/station-rows.ts';
import { makeDicom, makeJpeg, makePng } from '../../fixtures/broken-files.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/fovea.mjs');

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

function fovea(...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

test('help stands on standard output; what is not understood ends with 2 and says why', () => {
  const all = fovea('--help');
  assert.equal(all.code, 0);
  for (const name of [
    'import',
    'mine',
    'train',
    'resume',
    'models',
    'promote',
    'rollback',
    'card',
    'export',
    'doctor',
  ]) {
    assert.match(all.out, new RegExp(`^  ${name}\\b`, 'mu'));
    const one = fovea(name, '--help');
    assert.equal(one.code, 0, name);
    // Every option that stands there is taken.
    const options = [...one.out.matchAll(/^ {2}(?<option>--[a-z-]+)(?<value> [A-Z])?/gmu)].map(
      ({ groups }) => `${groups?.['option']}${groups?.['value'] === undefined ? '' : '=1'}`,
    );
    assert.ok(options.includes('--help'), name);
    assert.deepEqual(fovea(name, ...options), one);
    assert.match(one.out, new RegExp(`^fovea ${name}\\b`, 'u'));
    assert.match(one.out, /Exit codes:/u);
  }
  assert.equal(fovea().code, 2);
  for (const [args, why] of [
    [['read'], /no command "read"/u],
    [['mine', '--fast'], /--fast.*\n.*fovea mine --help/su],
    [['import'], /name the files or folders/u],
    [['import', ''], /name the files or folders/u],
    [
      ['train', '--preset', 'mammo-best', '--data-folder', tmpdir()],
      /there is no mammo-best, only .*mammo-byol-mcgip-r50/u,
    ],
    [['train', '--epochs', 'many', '--data-folder', tmpdir()], /epochs/u],
    [
      ['train', '--image-side', '300', '--image-width', '600', '--data-folder', tmpdir()],
      /imageSide: a side must be a multiple of 32 pixels; 320 x 640 has the shape of 300 x 600/u,
    ],
  ] as const) {
    const { code, out, err } = fovea(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(err, why);
    assert.equal(out, '');
  }
});

test('a Node that is too old gets one line', () => {
  // The version alone is made old: what follows it must not be reached.
  const script = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0', napi: '9' } }); await import(${JSON.stringify(program)});`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script],
    { encoding: 'utf8' },
  );
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^fovea: Node 20\.1\.0 is too old\. [^\n]*\n$/u);
});

describe('a station without a window', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'fovea-cli-'));
  const data = path.join(root, 'data');
  const pictures = path.join(root, 'pictures');
  const at = ['--data-folder', data] as const;

  before(() => {
    mkdirSync(data);
    mkdirSync(pictures);
    writeFileSync(path.join(pictures, 'a.png'), makePng(1));
    writeFileSync(path.join(pictures, 'b.jpg'), makeJpeg(2));
    writeFileSync(path.join(pictures, 'c.dcm'), makeDicom());
  });
  after(() => rmSync(root, { recursive: true }));

  test('import counts what it took, names what it refused and takes nothing twice', () => {
    const first = fovea('import', pictures, ...at);
    assert.equal(first.code, 0, first.err);
    assert.match(first.out, /^3 taken, 0 there already, 0 refused, of 3 files/u);
    const broken = path.join(pictures, 'text.dcm');
    writeFileSync(broken, 'not an image');
    const again = fovea('import', pictures, '--json', ...at);
    assert.equal(again.code, 3);
    assert.match(again.err, new RegExp(`^${broken}: \\S`, 'mu'));
    const report = JSON.parse(again.out) as { taken: number; alreadyThere: number };
    assert.deepEqual([report.taken, report.alreadyThere], [0, 3]);
    const missing = fovea('import', path.join(root, 'nowhere'), ...at);
    assert.notEqual(missing.code, 0);
    assert.match(missing.err, /nowhere/u);
  });

  test('mining without readings says what is missing and the run is kept as failed', () => {
    const { code, err } = fovea('mine', ...at);
    assert.equal(code, 1);
    assert.match(err, /reading/iu);
  });

  test('a run is resumed by its number, and a run that is not says why', () => {
    const folder = path.join(root, 'resumed');
    mkdirSync(folder);
    const resume = (...args: readonly string[]): Ended =>
      fovea('resume', ...args, '--data-folder', folder);
    const database = openIn(folder);
    const userId = addReader(database);
    const [cancelled, hopeless, killed] = [1, 2, 3].map(() => addRun(database, userId));
    const change = database.prepare('UPDATE run SET state = ?, error_code = ? WHERE id = ?');
    change.run('cancelled', null, cancelled);
    change.run('failed', 'loss-not-finite', hopeless);
    // As a killed process leaves it.
    change.run('running', null, killed);
    database.close();
    for (const args of [[], ['one'], ['1', '2']]) {
      const { code, err } = resume(...args);
      assert.deepEqual([code, /name one run by its number/u.test(err)], [2, true], err);
    }
    for (const [runId, why] of [
      [99, /no such run/u],
      [cancelled, /was cancelled, and a cancelled run is not resumed\. Start a new one/u],
      [hopeless, /Lower the learning rate/u],
    ] as const) {
      const { code, err } = resume(String(runId));
      assert.deepEqual([code, why.test(err)], [1, true], err);
    }
    // It begins, and finds that this station has no readings.
    const taken = resume(String(killed), '--json');
    assert.equal(taken.code, 1);
    const { state, error } = JSON.parse(taken.out) as RunDetail;
    assert.deepEqual([state, error?.code], ['failed', 'too-few-readings'], taken.err);
    assert.doesNotMatch(taken.err, /fovea resume/u);
  });

  test('the doctor reports, changes nothing and fails on a damaged file', () => {
    const well = fovea('doctor', ...at);
    assert.equal(well.code, 0, well.out);
    for (const what of ['Node', 'data folder', 'database', 'files', 'training engine', 'camera'])
      assert.match(well.out, new RegExp(`^(?:ok|warn|fail) +${what}: \\S`, 'mu'));
    const damaged = path.join(root, 'damaged');
    cpSync(data, damaged, { recursive: true });
    rmSync(path.join(damaged, 'files'), { recursive: true });
    const ill = fovea('doctor', '--data-folder', damaged);
    assert.equal(ill.code, 1);
    assert.match(ill.out, /^fail +files: 3 of 3 are missing: import them again/mu);
    const absent = path.join(root, 'absent');
    assert.equal(fovea('doctor', '--data-folder', absent).code, 0);
    assert.equal(existsSync(absent), false);
  });

  test('a model is promoted only with the code of the comparison that was printed', () => {
    const folder = path.join(root, 'models');
    mkdirSync(folder);
    const models = (...args: readonly string[]): Ended => fovea(...args, '--data-folder', folder);
    assert.match(
      models('models').out,
      /^No model yet.*\nResearch use only\. Not for diagnosis\.$/mu,
    );
    assert.equal(models('promote').code, 2);
    assert.match(models('card', '1').err, /no such model/u);
    assert.match(models('rollback').err, /no earlier champion/u);
    const database = openIn(folder);
    const [runId, sha256] = [addRun(database, 1), sha256Of(Buffer.from('weights'))];
    mkdirSync(path.join(folder, 'runs', String(runId)), { recursive: true });
    writeFileSync(path.join(folder, 'runs', String(runId), 'encoder.safetensors'), 'weights');
    const encoder = { runId, file: 'encoder.safetensors', sha256, parameters: 7 };
    registerEncoder(database, folder, encoder, 1);
    database.close();
    const shown = models('promote', '1');
    assert.equal(shown.code, 0, shown.err);
    assert.match(shown.out, /Nothing was changed.*--seen none-none-none --reason/u);
    const stale = models('promote', '1', '--seen', '7-7-7', '--reason', 'a first one');
    assert.deepEqual([stale.code, /another one by now/u.test(stale.err)], [1, true]);
    const silent = models('promote', '1', '--seen', 'none-none-none');
    assert.deepEqual([silent.code, /give the reason/u.test(silent.err)], [1, true]);
    const done = models('promote', '1', '--seen', 'none-none-none', '--reason', 'a first one');
    assert.match(done.out, /^Model 1 is the champion now, by Reader 1\./u);
    assert.match(models('models').out, /^ +1 +champion .*not evaluated \[simulated\]$/mu);
    assert.match(
      models('card', '1').out,
      /^- \S+: champion, promoted by Reader 1\. Reason: a first one/mu,
    );
    const unwritten = models('card', '1', '--out', path.join(root, 'no', 'card.md'));
    assert.deepEqual(
      [unwritten.code, /"--out" does not fit: there is no folder/u.test(unwritten.err)],
      [1, true],
      unwritten.err,
    );
  });

  test('a folder for a file, a file for a folder and a modality that is none are refused in words', () => {
    const file = path.join(pictures, 'a.png');
    for (const [args, code, why] of [
      [['train', '--labels', pictures, ...at], 1, /pictures" does not fit: it is a folder/u],
      [
        ['train', '--initial-weights', pictures, ...at],
        1,
        /pictures" does not fit: it is a folder/u,
      ],
      [['models', '--data-folder', path.join(file, 'x')], 1, /a\.png.x is not there/u],
      [['export', '--modality', 'CT', ...at], 2, /--modality is one of MG, OP, OT/u],
      [['card', '1', '2', ...at], 2, /name the version of one model/u],
    ] as const) {
      const ended = fovea(...args);
      assert.deepEqual([ended.code, why.test(ended.err)], [code, true], ended.err);
      assert.doesNotMatch(ended.err, /^ +at /mu);
    }
    const doctor = fovea('doctor', '--data-folder', file);
    assert.equal(doctor.code, 1);
    assert.match(doctor.out, /^fail +data folder: .*a\.png is a file/mu);
  });

  test('a second process on the same folder is told to close the first', () => {
    const release = lockDataFolder(data);
    try {
      const { code, err } = fovea('export', ...at);
      assert.equal(code, 1);
      assert.match(err, /^fovea: .*process \d+.*Close it first/u);
    } finally {
      release();
    }
  });
});

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { wordError } from '../../shared/messages/error-messages.ts';
import { StationError } from '../../shared/station-error.ts';
import type { TrainerReport } from '../../shared/trainer-protocol.ts';
import {
  type Checkpoint,
  checkpointName,
  olderCheckpointName,
  readCheckpoint,
  writeCheckpoint,
} from '../../trainer/checkpoint.ts';

const made = (step: number): Checkpoint => ({
  step,
  images: 10,
  weights: new Map([['w', Float32Array.of(step, 0.1, -3)]]),
  statistics: new Map([['mean', Float32Array.of(0.5)]]),
  optimizer: new Map([['w', Float32Array.of(1, 2, step)]]),
  method: new Map([['queue', Float32Array.of(9)]]),
  accumulated: new Map(),
  queueIds: [4, step],
  alikeSteps: 3,
});

/** A folder with checkpoints of steps 2, 4 and 6, and what was told while one was read. */
async function makeFolder(t: TestContext): Promise<{
  readonly folder: string;
  readonly told: TrainerReport[];
  readonly read: () => Promise<Checkpoint | undefined>;
}> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-checkpoint-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const step of [2, 4, 6]) await writeCheckpoint(folder, made(step));
  const told: TrainerReport[] = [];
  return { folder, told, read: () => readCheckpoint(folder, (report) => told.push(report)) };
}

/** The same bytes with a part of the header exchanged for another. */
function exchange(bytes: Buffer, before: string, after: string): Buffer {
  const text = bytes.toString('latin1');
  assert.ok(text.includes(before));
  const at = text.indexOf(before);
  return Buffer.from(text.slice(0, at) + after + text.slice(at + before.length), 'latin1');
}

const damages: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['cut off in its values', (bytes) => bytes.subarray(0, -5)],
  ['cut off in its header', (bytes) => bytes.subarray(0, 40)],
  ['without a queue that can be read', (bytes) => exchange(bytes, '"[4,6]"', '"[4,6["')],
  ['told another step', (bytes) => exchange(bytes, '"step":"6"', '"step":"5"')],
  ['told other images in the queue', (bytes) => exchange(bytes, '"[4,6]"', '"[4,5]"')],
  ['told another shape', (bytes) => exchange(bytes, '"shape":[3]', '"shape":[4]')],
  ['told a shape that is none', (bytes) => exchange(bytes, '"shape":[3]', '"shape":"3"')],
  ['emptied', () => Buffer.alloc(0)],
  ['filled with zeros', (bytes) => Buffer.alloc(bytes.length)],
  [
    'changed in one bit',
    (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
  ],
];
const damage = (file: string, how: (bytes: Buffer) => Buffer): void =>
  writeFileSync(file, how(readFileSync(file)));

test('the newest checkpoint is read as it was written and the one before is kept', async (t) => {
  const { folder, told, read } = await makeFolder(t);
  assert.deepEqual(await read(), made(6));
  assert.deepEqual(readdirSync(folder).toSorted(), [olderCheckpointName, checkpointName]);
  assert.deepEqual(told, []);
});

for (const [name, how] of damages)
  test(`a checkpoint that is ${name} gives way to the one before, and that is told`, async (t) => {
    const { folder, told, read } = await makeFolder(t);
    damage(path.join(folder, checkpointName), how);
    assert.deepEqual(await read(), made(4));
    const [report, ...others] = told;
    assert.deepEqual(others, []);
    assert.ok(report?.kind === 'notice' && report.code === 'checkpoint-went-back');
    assert.equal(report.details['step'], 4);
    // What is damaged does not take the good one's place at the next write.
    await writeCheckpoint(folder, made(6));
    damage(path.join(folder, checkpointName), how);
    assert.deepEqual(await read(), made(4));
  });

test('where both are damaged the run begins anew and says so', async (t) => {
  const { folder, told, read } = await makeFolder(t);
  for (const name of [checkpointName, olderCheckpointName])
    damage(path.join(folder, name), (bytes) => bytes.subarray(0, 100));
  assert.equal(await read(), undefined);
  assert.deepEqual(
    told.map((report) => report.kind === 'notice' && report.code),
    ['checkpoint-began-anew'],
  );
});

test('a station killed between two renames still finds the checkpoint before', async (t) => {
  const { folder, told, read } = await makeFolder(t);
  rmSync(path.join(folder, checkpointName));
  assert.deepEqual(await read(), made(4));
  assert.deepEqual(told, []);
});

test('a folder without checkpoints has none', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-checkpoint-'));
  t.after(() => rmSync(folder, { recursive: true }));
  assert.equal(await readCheckpoint(folder, () => assert.fail('nothing to tell')), undefined);
});

/** The file is put aside and something that the system refuses to read stands in its place. */
const unreadable: readonly (readonly [string, (file: string) => void])[] = [
  ['too large for one read', (file) => truncateSync(file, 3 * 2 ** 30)],
  ['no file', (file) => (renameSync(file, `${file}.aside`), mkdirSync(file))],
  ['a link to itself', (file) => (renameSync(file, `${file}.aside`), symlinkSync(file, file))],
];

for (const [name, how] of unreadable)
  for (const at of [checkpointName, olderCheckpointName])
    test(`a ${at} that is ${name} stops the run and nothing is deleted`, async (t) => {
      const { folder, told, read } = await makeFolder(t);
      if (at === olderCheckpointName) rmSync(path.join(folder, checkpointName));
      how(path.join(folder, at));
      const before = readdirSync(folder);
      await assert.rejects(read(), (error) => {
        assert.ok(error instanceof StationError);
        assert.equal(error.code, 'checkpoint-unreadable');
        assert.match(wordError(error), /nothing was deleted.* then resume the run/u);
        return true;
      });
      assert.deepEqual(readdirSync(folder), before);
      assert.deepEqual(told, []);
    });

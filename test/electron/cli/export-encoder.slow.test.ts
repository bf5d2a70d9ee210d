import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '../../../shared/database/open.ts';
import { registerModel } from '../../../shared/database/models.ts';
import { insertRun, updateRun } from '../../../shared/database/runs.ts';
import { insertUser } from '../../../shared/database/users.ts';
import { createRandom } from '../../../shared/random.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';
import { decodeSafetensors, encodeSafetensors } from '../../../trainer/safetensors.ts';
import { readOnnx } from '../../../trainer/weights/import-onnx.ts';
import { embedWithOnnx, makeEncoder } from '../../trainer/weights/exported.ts';

const program = path.resolve(import.meta.dirname, '../../../bin/fovea.mjs');
const root = mkdtempSync(path.join(tmpdir(), 'fovea-export-encoder-'));
const data = path.join(root, 'data');
const encoderFile = path.join(data, 'runs/1/encoder.safetensors');
const tensors = makeEncoder('resnet-10', 32, createRandom(3));

function exportEncoder(...args: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [program, 'export-encoder', ...args, '--data-folder', data],
    { encoding: 'utf8' },
  );
  return { code: status, out: stdout, err: stderr };
}

before(() => {
  mkdirSync(path.dirname(encoderFile), { recursive: true });
  const bytes = encodeSafetensors(tensors, {
    notice: 'Research use only. Not for diagnosis.',
    encoder: 'resnet-10',
  });
  writeFileSync(encoderFile, bytes);
  const database = openDatabase(path.join(data, 'fovea.sqlite'), {
    backupFolder: path.join(data, 'backups'),
    nowMs: Date.now,
  });
  const userId = insertUser(
    database,
    { name: 'a', pseudonym: 'a', role: 'admin', simulated: 0 },
    0,
  );
  const configuration = JSON.stringify(demonstrationConfiguration);
  for (const state of ['done', 'failed'] as const) {
    const runId = insertRun(database, {
      configuration,
      userId,
      createdAtMs: 0,
      appVersion: 'test',
    });
    updateRun(database, runId, { state });
    if (state === 'done')
      registerModel(database, {
        runId,
        file: 'runs/1/encoder.safetensors',
        sha256: createHash('sha256').update(bytes).digest('hex'),
        parameterCount: 1,
        createdAtMs: 0,
        imageHashes: [],
      });
  }
  database.close();
});
after(() => rmSync(root, { recursive: true }));

test('a run’s encoder is exported in both formats, whole, with its notice', async () => {
  const safetensors = path.join(root, 'out.safetensors');
  const first = exportEncoder('1', '--format', 'safetensors', '--to', safetensors);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /Encoder of run 1: .*out\.safetensors .*Research use only\./u);
  const read = decodeSafetensors(readFileSync(safetensors));
  assert.deepEqual(read.tensors, tensors);
  assert.match(read.metadata['notice'] ?? '', /Research use only/u);
  assert.match(read.metadata['preprocessing'] ?? '', /0\.485 0\.456 0\.406/u);
  // The file here is one of an earlier version.
  assert.match(read.metadata['preprocessing'] ?? '', /^The recipe .* is not known/u);

  const onnx = exportEncoder('1', '--format', 'onnx', '--json');
  assert.equal(onnx.code, 0, onnx.err);
  const { file, sha256 } = JSON.parse(onnx.out) as { file: string; sha256: string };
  assert.equal(file, path.join(data, 'exports/encoder-run-1.onnx'));
  const bytes = readFileSync(file);
  assert.equal(createHash('sha256').update(bytes).digest('hex'), sha256);
  assert.ok(bytes.includes('Research use only. Not for diagnosis.'));
  assert.deepEqual(
    readOnnx(bytes)
      .map(({ name, shape, read: values }) => ({ name, shape, values: values() }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    tensors.toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  for (const batch of [1, 3]) {
    const features = await embedWithOnnx(bytes, new Float32Array(batch * 3 * 32 * 32).fill(1), 32);
    assert.equal(features.length, batch * 256);
  }
});

test('what cannot be exported is refused with what to do', () => {
  for (const [args, code, why] of [
    [['9'], 1, /no such run/u],
    [['2'], 1, /no such encoder of that run/u],
    [['one'], 2, /name one run/u],
    [['1', '--format', 'pickle'], 2, /--format is safetensors or onnx/u],
    [['1', '--to', path.join(root, 'nowhere/x.onnx')], 1, /nowhere/u],
  ] as const) {
    const ended = exportEncoder(...args);
    assert.equal(ended.code, code, ended.err);
    assert.match(ended.err, why);
  }
  writeFileSync(encoderFile, readFileSync(encoderFile).fill(0, 5000, 5004));
  const damaged = exportEncoder('1', '--to', path.join(root, 'damaged.onnx'), '--format', 'onnx');
  assert.equal(damaged.code, 1);
  assert.match(damaged.err, /not the one that the run wrote/u);
  assert.ok(!existsSync(path.join(root, 'damaged.onnx')));
});

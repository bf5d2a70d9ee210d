import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { Script } from 'node:vm';
import { removeEvaluation, writeWebgazerFiles } from '../../scripts/webgazer-files.ts';

test('WebGazer’s model files are written and none builds a function from a string', async (t) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fovea-webgazer-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeWebgazerFiles(folder);
  for (const name of ['face_mesh_solution_simd_wasm_bin.js', 'face_mesh_solution_wasm_bin.js']) {
    const text = await readFile(path.join(folder, 'webgazer/mediapipe/face_mesh', name), 'utf8');
    assert.doesNotMatch(text, /new Function|new_\(Function|\beval\(/u);
    assert.match(text, /^\/\* Changed for Fovea/u);
    assert.ok(new Script(text, { filename: name }));
  }
});

test('a file in which the place to patch is missing or doubled is refused', () => {
  assert.throws(() => removeEvaluation('nothing here'), /exactly once/u);
  const doubled = 'return new Function("body",x)(body) return new Function("body",x)(body)';
  assert.throws(() => removeEvaluation(doubled), /exactly once/u);
});

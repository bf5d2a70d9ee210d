import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { checkImports, findViolations } from '../../scripts/check-imports.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('no file of the station breaks the rules of its room', () => {
  assert.deepEqual(checkImports(root), []);
});

test('a planted import that a room may not have is found', () => {
  const planted: readonly (readonly [string, string])[] = [
    ['shared/gaze/x.ts', `import fs from 'node:fs';`],
    ['shared/gaze/x.ts', `import { openDatabase } from '../database/open.ts';`],
    ['shared/gaze/x.ts', `import { run } from '../../trainer/run.ts';`],
    ['shared/database/x.ts', `import { app } from 'electron';`],
    ['renderer/x.ts', `import { openDatabase } from '../shared/database/open.ts';`],
    ['renderer/x.ts', `import { readFile } from 'node:fs/promises';`],
    ['renderer/pages/x.tsx', `import * as core from '@cornerstonejs/core';`],
    ['renderer/x.ts', `import { main } from '../electron/main.ts';`],
    ['trainer/x.ts', `import { station } from '../renderer/station.ts';`],
    ['trainer/x.ts', `const e = await import('electron');`],
    ['electron/app/x.ts', `import { app } from 'electron';`],
    ['electron/app/x.ts', `import { createElectronHost } from '../host/electron-host.ts';`],
    ['electron/app/x.ts', `export { run } from '../../trainer/run.ts';`],
    ['electron/host/x.ts', `import 'react';`],
    ['shared/index.ts', `export type A = 1;`],
  ];
  for (const [file, source] of planted)
    assert.equal(findViolations(file, `${source}\n`).length, 1, `${file}: ${source}`);
});

test('imports that a room may have are left alone', () => {
  const fine: readonly (readonly [string, string])[] = [
    ['shared/gaze/x.ts', `import { z } from 'zod';\nimport { a } from './points.ts';`],
    ['renderer/viewer/x.ts', `import * as core from '@cornerstonejs/core';`],
    [
      'electron/app/x.ts',
      `import type { Host } from '../host/host.ts';\nimport fs from 'node:fs';`,
    ],
    ['electron/host/x.ts', `import { app } from 'electron';`],
    ['trainer/x.ts', `import { Tensor } from 'onnxruntime-node';`],
  ];
  for (const [file, source] of fine) assert.deepEqual(findViolations(file, source), []);
});

test('the linter catches a planted import too', (t) => {
  const folder = path.join(root, 'renderer/planted');
  mkdirSync(folder);
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    path.join(folder, 'violation.ts'),
    `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`,
  );
  const { status, stdout } = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/oxlint/bin/oxlint'), '--deny-warnings', folder],
    { cwd: root, encoding: 'utf8' },
  );
  assert.notEqual(status, 0);
  assert.match(stdout, /no-restricted-imports/u);
});

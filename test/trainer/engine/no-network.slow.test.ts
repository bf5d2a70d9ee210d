import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { swiftshaderEnvironment, withoutSwiftshader } from './swiftshader.ts';
import { hangLimitMs } from '../../fixtures/hang-limit.ts';

const run = promisify(execFile);
const source = (name: string): string => path.join(import.meta.dirname, name);

/** Engine and case as in the conformance suite, in a process that fails at its first step towards a network. */
async function runWatched(engine: string, env: NodeJS.ProcessEnv): Promise<string> {
  const watch = source('watch-network.ts');
  const script = source('run-conformance.ts');
  const { stdout } = await run(
    process.execPath,
    ['--import', watch, script, engine, 'moco-resnet-10-32x32'],
    { env, timeout: hangLimitMs },
  );
  return stdout;
}

test('the watch over the network sees a connection, a name and a fetch', async () => {
  for (const attempt of [
    "require('node:net').connect(9, '127.0.0.1')",
    "require('node:dns').lookup('example.invalid', () => undefined)",
    "require('node:dgram').createSocket('udp4').send('x', 9, '127.0.0.1')",
    "fetch('http://127.0.0.1:9/')",
  ])
    await assert.rejects(
      run(process.execPath, ['--import', source('watch-network.ts'), '-e', attempt]),
      /reached for the network/u,
      attempt,
    );
});

test('the default engine reaches for no network', async () => {
  assert.match(await runWatched('onnx-plain', process.env), /"ran"/u);
});

test('TensorFlow.js on WebGPU reaches for no network', { skip: withoutSwiftshader }, async () => {
  assert.match(await runWatched('tensorflow-webgpu', swiftshaderEnvironment()), /"ran"/u);
});

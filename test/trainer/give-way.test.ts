import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

type Found = {
  readonly priority: string;
  /** `nice policy` of each thread. */
  readonly own: readonly string[];
  readonly child: readonly string[];
};

const idle = '5';

const giveWayIn = (env: NodeJS.ProcessEnv): Found =>
  JSON.parse(
    execFileSync(process.execPath, [path.join(import.meta.dirname, '../fixtures/giving-way.ts')], {
      encoding: 'utf8',
      env,
    }),
  ) as Found;

const notLinux = process.platform === 'linux' ? false : 'Linux alone has classes of threads';
const noChrt =
  notLinux || (spawnSync('chrt', ['--version']).error === undefined ? false : 'chrt is not there');

test(
  'every thread of the trainer, made before or after, and its children run only on an idle core',
  {
    skip: noChrt,
  },
  () => {
    const { priority, own, child } = giveWayIn(process.env);
    assert.equal(priority, 'idle');
    assert.ok(
      own.length > 6,
      `threads of the main thread, the pool, V8 and two workers: ${own.length}`,
    );
    assert.deepEqual(
      [...own, ...child].filter((thread) => thread !== `19 ${idle}`),
      [],
    );
  },
);

test(
  'without chrt every thread is at the lowest nice value, and that is what is answered',
  {
    skip: notLinux,
  },
  () => {
    const { priority, own, child } = giveWayIn({ PATH: '' });
    assert.equal(priority, 'lowered');
    assert.deepEqual(
      [...own, ...child].filter((thread) => thread !== '19 0'),
      [],
    );
  },
);

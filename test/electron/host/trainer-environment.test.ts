import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { forkNodeTrainer } from '../../../electron/host/node-host.ts';
import { trainerEnvironment } from '../../../electron/host/trainer-environment.ts';

test('on Linux the trainer asks for large pages, beside what is set already', () => {
  assert.deepEqual(trainerEnvironment({ A: 'b' }, 'linux'), {
    A: 'b',
    GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
  });
  assert.deepEqual(trainerEnvironment({ GLIBC_TUNABLES: 'glibc.malloc.check=1' }, 'linux'), {
    GLIBC_TUNABLES: 'glibc.malloc.check=1:glibc.malloc.hugetlb=1',
  });
});

test('what an administrator says of large pages stands, and other systems are left alone', () => {
  const said = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
  assert.deepEqual(trainerEnvironment(said, 'linux'), said);
  assert.deepEqual(trainerEnvironment({ A: 'b' }, 'darwin'), { A: 'b' });
});

test(
  'a trainer is started in that environment',
  { skip: process.platform !== 'linux' && 'asked for on Linux alone' },
  () => {
    const trainer = forkNodeTrainer();
    try {
      const environment = readFileSync(`/proc/${trainer.pid}/environ`, 'utf8').split('\0');
      assert.ok(
        environment.some((entry) => /^GLIBC_TUNABLES=.*glibc\.malloc\.hugetlb=/u.test(entry)),
      );
    } finally {
      trainer.kill();
    }
  },
);

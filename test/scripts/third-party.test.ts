import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { describeThirdParties, isAccepted, listPackages } from '../../scripts/third-party.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

test('THIRD-PARTY.md lists every package of the lock file and is up to date', () => {
  const packages = listPackages(read('package-lock.json'));
  assert.ok(
    read('THIRD-PARTY.md') === describeThirdParties(packages),
    'THIRD-PARTY.md is not up to date: run node scripts/third-party.ts',
  );
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<
    'dependencies' | 'devDependencies',
    Record<string, string>
  >;
  const listed = (isTool: boolean): Set<string> =>
    new Set(
      packages
        .filter((entry) => entry.isTool === isTool)
        .map(({ name, version }) => `${name}@${version}`),
    );
  for (const [name, version] of Object.entries(dependencies))
    assert.ok(listed(false).has(`${name}@${version}`), name);
  for (const [name, version] of Object.entries(devDependencies))
    assert.ok(
      listed(true).has(`${name}@${version}`) || listed(false).has(`${name}@${version}`),
      name,
    );
});

test('a choice needs one good licence, a combination needs all', () => {
  assert.ok(isAccepted('MIT'));
  assert.ok(isAccepted('(WTFPL OR MIT)'));
  assert.ok(isAccepted('Apache-2.0 AND MIT'));
  assert.ok(!isAccepted('Apache-2.0 AND SSPL-1.0'));
  assert.ok(!isAccepted('GPL-2.0-only'));
  assert.ok(!isAccepted('unknown'));
  assert.ok(!isAccepted('UNLICENSED'));
});

test('a package without an acceptable licence is named, not listed', () => {
  const lock = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', license: 'MIT', dev: true },
      'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/@x/bad': { version: '2.0.0', license: 'SSPL-1.0' },
    },
  };
  const packages = listPackages(JSON.stringify(lock));
  assert.deepEqual(
    packages.map(({ name, isTool }) => [name, isTool]),
    [
      ['@x/bad', false],
      ['a', false],
    ],
  );
  assert.throws(() => describeThirdParties(packages), /@x\/bad@2\.0\.0 \(SSPL-1\.0\)/u);
  assert.match(describeThirdParties(packages.slice(1)), /\| a \| 1\.0\.0 \| MIT \|/u);
});

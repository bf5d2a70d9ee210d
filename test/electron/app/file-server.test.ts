import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { resolveInside, serveFile } from '../../../electron/app/file-server.ts';

describe('the file server’s guard', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-files-'));
  const root = path.join(folder, 'root');

  before(() => {
    mkdirSync(path.join(root, 'deep'), { recursive: true });
    writeFileSync(path.join(root, 'index.html'), '<p>');
    writeFileSync(path.join(root, 'deep/a b.wasm'), 'x');
    writeFileSync(path.join(root, 'back\\slash'), 'x');
    writeFileSync(path.join(root, '%2e%2e'), 'x');
    writeFileSync(path.join(folder, 'secret'), 'secret');
    mkdirSync(path.join(folder, 'root-beside'));
    writeFileSync(path.join(folder, 'root-beside/secret'), 'secret');
    symlinkSync(path.join(folder, 'secret'), path.join(root, 'link'));
    symlinkSync(folder, path.join(root, 'folder-link'));
    symlinkSync(path.join(root, 'index.html'), path.join(root, 'inner-link'));
  });

  after(() => rmSync(folder, { recursive: true }));

  test('files below the root are found, a folder gives its index', async () => {
    assert.equal(await resolveInside(root, '/'), path.join(root, 'index.html'));
    assert.equal(await resolveInside(root, '/deep/a%20b.wasm'), path.join(root, 'deep/a b.wasm'));
    assert.equal(await resolveInside(root, '/inner-link'), path.join(root, 'index.html'));
  });

  for (const [what, url] of [
    ['a link out of the root', '/link'],
    ['a file below a linked folder', '/folder-link/secret'],
    ['dots', '/../secret'],
    ['encoded dots', '/%2e%2e/secret'],
    ['dots encoded twice', '/%252e%252e'],
    ['a folder that begins like the root', '/../root-beside/secret'],
    ['an encoded slash in dots', '/..%2fsecret'],
    ['a backslash', '/back\\slash'],
    ['an encoded backslash', '/back%5cslash'],
    ['NUL', '/index.html%00.png'],
    ['a malformed escape', '/%zz'],
    ['a folder without slash', '/deep'],
    ['a folder without index', '/deep/'],
    ['a path that is not absolute', 'index.html'],
    ['nothing', '/absent'],
  ] as const)
    test(`${what} is refused`, async () => {
      assert.equal(await resolveInside(root, url), undefined);
    });

  test('every answer carries the policy, its type and no sniffing', async () => {
    const file = path.join(root, 'deep/a b.wasm');
    const { headers, status } = await serveFile(file, undefined, false);
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'application/wasm');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/u);
    assert.doesNotMatch(policy, /unsafe-eval'(?<!wasm-unsafe-eval')|https?:/u);
    assert.equal((await serveFile(path.join(root, 'gone'), undefined, false)).status, 404);
    assert.equal(await (await serveFile(file, undefined, true)).text(), '');
  });
});

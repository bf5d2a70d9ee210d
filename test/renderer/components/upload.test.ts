import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import { uploadFiles } from '../../../renderer/components/upload.ts';

const files = Array.from({ length: 20 }, (_, i) => ({
  name: `${i}.dcm`,
  file: new File([new Uint8Array(4)], `${i}.dcm`),
}));

function answerWith(t: TestContext, status: (sent: number) => number): string[] {
  const sent: string[] = [];
  mock.method(globalThis, 'fetch', (url: string) => {
    sent.push(new URL(url, 'http://page').searchParams.get('name') ?? '');
    return Promise.resolve(new Response(null, { status: status(sent.length) }));
  });
  t.after(() => mock.restoreAll());
  return sent;
}

test('every file is sent once; one that the station did not take is named', async (t) => {
  const sent = answerWith(t, (n) => (n === 5 ? 500 : 204));
  let told = 0;
  const lost = await uploadFiles(3, files, (done) => (told = done));
  assert.deepEqual(
    sent,
    files.map(({ name }) => name),
  );
  assert.deepEqual(
    lost.map(({ file }) => file),
    ['4.dcm'],
  );
  assert.equal(told, 20);
});

test('an import that has stopped gets no further file, and none counts as lost', async (t) => {
  const sent = answerWith(t, (n) => (n >= 4 ? 507 : 204));
  const lost = await uploadFiles(3, files, () => undefined);
  assert.deepEqual(lost, []);
  assert.ok(sent.length >= 4 && sent.length <= 6, `${sent.length} of 20 were sent`);
});

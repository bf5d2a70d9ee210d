import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFailurePage, wordStartFailure } from '../../../electron/host/start-failure.ts';
import { StationError } from '../../../shared/station-error.ts';

test('a failure that a person can act upon is worded with its details', () => {
  const sentence = wordStartFailure(
    new StationError('data-folder-in-use', { folder: '/data', pid: 12 }),
  );
  assert.match(sentence, /12/u);
  assert.match(sentence, /\/data/u);
  assert.match(wordStartFailure(new Error('planned')), /could not be opened: planned/u);
});

test('the page of a failed start shows the sentence as text, under the policy, without scripts', async () => {
  const response = startFailurePage('Folder </p><script>alert(1)</script> & "more"');
  const html = await response.text();
  assert.ok(
    html.includes('Folder &lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;'),
  );
  assert.ok(!html.includes('<script'));
  assert.match(response.headers.get('Content-Security-Policy') ?? '', /default-src 'none'/u);
});

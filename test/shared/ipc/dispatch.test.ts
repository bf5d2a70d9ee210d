import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requests, type Role } from '../../../shared/ipc/contract.ts';
import { dispatch, type Handlers } from '../../../shared/ipc/dispatch.ts';
import { StationError } from '../../../shared/station-error.ts';

const page = { url: 'app://station/index.html', isMainFrame: true };

function setUp(role: Role | null): {
  readonly logged: unknown[];
  readonly ask: (
    sender: typeof page | undefined,
    name: unknown,
    input: unknown,
  ) => Promise<unknown>;
} {
  const logged: unknown[] = [];
  const handlers = Object.fromEntries(
    Object.keys(requests).map((name) => [
      name,
      (input: unknown) => {
        if (name === 'run.list') throw new Error('a secret of the inside');
        if (name === 'run.cancel') throw new StationError('not-found', { what: 'run' });
        return { name, input };
      },
    ]),
  ) as unknown as Handlers;
  const context = {
    handlers,
    role: () => role,
    logError: (_name: string, error: unknown) => logged.push(error),
  };
  return { logged, ask: (sender, name, input) => dispatch(context, sender, name, input) };
}

const refused = (code: string, details: object): object => ({
  ok: false,
  error: { code, details },
});

test('only the main frame of app://station may ask', async () => {
  const { ask } = setUp('admin');
  for (const sender of [
    undefined,
    { ...page, isMainFrame: false },
    { ...page, url: 'app://station.evil/' },
    { ...page, url: 'app://stationx/' },
    { ...page, url: 'https://station/' },
    { ...page, url: 'app://other/' },
    { ...page, url: 'nonsense' },
  ])
    assert.deepEqual(
      await ask(sender, 'settings.get', {}),
      refused('forbidden', { what: 'sender' }),
    );
  assert.deepEqual(await ask(page, 'settings.get', {}), {
    ok: true,
    value: { name: 'settings.get', input: {} },
  });
});

test('a name that the contract does not own is no request, before the role is looked at', async () => {
  const { ask } = setUp(null);
  for (const name of ['__proto__', 'constructor', 'toString', 'no.such', 7, null, undefined, {}])
    assert.deepEqual(await ask(page, name, {}), refused('unknown-request', {}));
});

test('roles are checked before shapes', async () => {
  const nonsense = { runId: 'seven' };
  assert.deepEqual(
    await setUp('reader').ask(page, 'run.cancel', nonsense),
    refused('forbidden', { what: 'role', needed: 'admin' }),
  );
  assert.deepEqual(
    await setUp(null).ask(page, 'settings.get', {}),
    refused('forbidden', { what: 'role', needed: 'reader' }),
  );
  const reply = (await setUp('admin').ask(page, 'run.cancel', nonsense)) as {
    readonly error: { readonly code: string; readonly details: { readonly field: string } };
  };
  assert.deepEqual([reply.error.code, reply.error.details.field], ['invalid-input', 'runId']);
});

test('an expected failure keeps its code, an unexpected one shows nothing of the inside', async () => {
  const { ask, logged } = setUp('admin');
  assert.deepEqual(
    await ask(page, 'run.cancel', { runId: 1 }),
    refused('not-found', { what: 'run' }),
  );
  assert.deepEqual(logged, []);
  const reply = await ask(page, 'run.list', {});
  assert.deepEqual(reply, refused('internal', { request: 'run.list' }));
  assert.doesNotMatch(JSON.stringify(reply), /secret/u);
  assert.equal(logged.length, 1);
});

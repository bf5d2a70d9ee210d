import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type LaunchedStation, launchStation } from './station.ts';

/** Directives violated while `attack` runs in the page, sorted, with what it gave; waits for `expected` of them. */
async function violationsOf<Result>(
  station: LaunchedStation,
  expected: number,
  attack: () => Result | Promise<Result>,
): Promise<{ result: Awaited<Result>; violations: string[] }> {
  await station.page.evaluate(() => {
    const page = globalThis as typeof globalThis & { seenViolations?: string[] };
    const seen: string[] = [];
    page.seenViolations = seen;
    document.addEventListener('securitypolicyviolation', (event) =>
      seen.push(`${event.effectiveDirective} ${event.blockedURI}`),
    );
  });
  const result = await station.page.evaluate<Awaited<Result>>(attack as () => Awaited<Result>);
  const violations = await station.page.evaluate(async (count) => {
    const seen =
      (globalThis as typeof globalThis & { seenViolations?: string[] }).seenViolations ?? [];
    // They are told in tasks of their own.
    for (let frame = 0; frame < 120 && seen.length < count; frame += 1)
      await new Promise(requestAnimationFrame);
    return seen;
  }, expected);
  return { result, violations: violations.sort() };
}

suite('the Content-Security-Policy of the page', () => {
  let station: LaunchedStation;
  before(async () => {
    station = await launchStation({ args: ['--no-demonstration'] });
  });
  after(() => station.close());

  test('every answer of the station carries the policy and its companions', async () => {
    const seen = await station.page.evaluate(() =>
      Promise.all(
        ['/index.html', '/missing.js', '/image/999999', '/upload/999999'].map(async (address) => {
          const { headers } = await fetch(address);
          return [
            headers.get('Content-Security-Policy')?.startsWith("default-src 'none';"),
            headers.get('X-Content-Type-Options'),
            headers.get('Cross-Origin-Opener-Policy'),
            headers.get('Cross-Origin-Embedder-Policy'),
            headers.get('Cross-Origin-Resource-Policy'),
          ];
        }),
      ),
    );
    for (const one of seen)
      assert.deepEqual(one, [true, 'nosniff', 'same-origin', 'require-corp', 'same-origin']);
  });

  test('the policy allows WebAssembly and style attributes, and no evaluation of strings', async () => {
    const policy = await station.page.evaluate(async () =>
      (await fetch('/index.html')).headers.get('Content-Security-Policy'),
    );
    assert.match(policy ?? '', /script-src 'self' 'wasm-unsafe-eval';/u);
    assert.doesNotMatch(policy ?? '', /'unsafe-eval'|\*|https?:|worker-src[^;]*blob:/u);
  });

  test('an inline script and an inline handler do not run', async () => {
    const { result, violations } = await violationsOf(station, 2, async () => {
      const script = document.createElement('script');
      script.textContent = 'globalThis.pwned = 1';
      document.body.append(script);
      const button = document.createElement('button');
      button.setAttribute('onclick', 'globalThis.pwned = 2');
      document.body.append(button);
      button.click();
      await new Promise(requestAnimationFrame);
      script.remove();
      button.remove();
      return 'pwned' in globalThis;
    });
    assert.equal(result, false);
    assert.deepEqual(violations, ['script-src-attr inline', 'script-src-elem inline']);
  });

  test('strings are not evaluated', async () => {
    const { result, violations } = await violationsOf(station, 2, async () => {
      // In a task of its own: what a debugger evaluates may evaluate strings itself.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const attempt = (run: () => unknown): string => {
        try {
          return String(run());
        } catch (error) {
          return error instanceof Error ? error.name : '';
        }
      };
      return [
        attempt(() =>
          Reflect.apply(Reflect.get(globalThis, 'eval') as Function, undefined, ['1 + 1']),
        ),
        attempt(() => Reflect.construct(Function, ['return 2'])),
      ];
    });
    assert.deepEqual(result, ['EvalError', 'EvalError']);
    assert.deepEqual(violations, ['script-src eval', 'script-src eval']);
  });

  test('nothing is loaded from elsewhere, each attempt stopped by the policy itself', async () => {
    const { result, violations } = await violationsOf(station, 6, async () => {
      const load = (name: 'img' | 'script' | 'link' | 'iframe', attribute: string, url: string) =>
        new Promise<string>((resolve) => {
          const element = document.createElement(name);
          if (name === 'link') element.setAttribute('rel', 'stylesheet');
          element.addEventListener('load', () => resolve(`${name} load`));
          element.addEventListener('error', () => resolve(`${name} error`));
          document.addEventListener('securitypolicyviolation', () => resolve(`${name} stopped`));
          element.setAttribute(attribute, url);
          document.body.append(element);
        });
      const answers = [
        await fetch('https://example.org/').then(
          () => 'fetch load',
          () => 'fetch error',
        ),
        await load('img', 'src', 'https://example.org/a.png'),
        await load('script', 'src', 'https://example.org/a.js'),
        await load('link', 'href', 'https://example.org/a.css'),
        await load('iframe', 'src', 'https://example.org/'),
      ];
      try {
        answers.push(`WebSocket ${new WebSocket('wss://example.org/').url}`);
      } catch {
        answers.push('WebSocket threw');
      }
      await new Promise(requestAnimationFrame);
      return answers.some((answer) => answer.endsWith('load'));
    });
    assert.equal(result, false);
    assert.deepEqual(
      violations.map((text) => text.replace(/ (?:https|wss):\/\/example\.org.*$/u, '')),
      ['connect-src', 'connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem'],
    );
  });

  test('a worker made of a string does not start', async () => {
    const { result, violations } = await violationsOf(
      station,
      1,
      () =>
        new Promise<string>((resolve) => {
          const url = URL.createObjectURL(new Blob(['postMessage(1)']));
          try {
            const worker = new Worker(url);
            worker.addEventListener('message', () => resolve('ran'));
            worker.addEventListener('error', () => resolve('stopped'));
          } catch {
            resolve('stopped');
          }
        }),
    );
    assert.equal(result, 'stopped');
    assert.deepEqual(violations, ['worker-src blob']);
  });

  test('a style sheet made in the page is refused, a style attribute is not', async () => {
    const { result, violations } = await violationsOf(station, 1, () => {
      const style = document.createElement('style');
      style.textContent = '#probe { margin-left: 7px }';
      const probe = document.createElement('p');
      probe.id = 'probe';
      probe.setAttribute('style', 'margin-top: 9px');
      document.body.append(style, probe);
      const { marginLeft, marginTop } = getComputedStyle(probe);
      style.remove();
      probe.remove();
      return [marginLeft, marginTop];
    });
    assert.deepEqual(result, ['0px', '9px']);
    assert.deepEqual(violations, ['style-src-elem inline']);
  });
});

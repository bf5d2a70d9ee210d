import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runInThisContext } from 'node:vm';
import { decode, encode } from '../../electron-standin/codec.ts';

const cross = (value: unknown): unknown => decode(encode(value));

test('every value that Electron clones comes back as it went', () => {
  const values = [
    null,
    undefined,
    true,
    'text with \u2028 and \0',
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    123n,
    [1, undefined, [2]],
    { a: 1, b: { c: undefined } },
    { $: 'undefined' },
    { $: 'view', v: 'x' },
    new Date(1234),
    new Date(Number.NaN),
    new Map<unknown, unknown>([[{ a: 1 }, new Set([1, 'x'])]]),
    new Float32Array([1.5, Number.NaN]),
    new BigUint64Array([2n ** 63n]),
    new Uint8ClampedArray([0, 255]),
    new Uint8Array([1, 2, 3]).buffer,
  ];
  for (const value of values) assert.deepStrictEqual(cross(value), value);
  assert.ok(Object.is(cross(-0), -0));
});

test('a view crosses alone, without the rest of its buffer', () => {
  const crossed = cross(new Uint8Array(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2));
  assert.deepStrictEqual(crossed, new Uint8Array([1, 2]));
});

test('a Buffer arrives as Uint8Array and an Error keeps name and message', () => {
  assert.deepStrictEqual(cross(Buffer.from([1, 2])), new Uint8Array([1, 2]));
  const error = cross(new RangeError('too far'));
  assert.ok(error instanceof Error);
  assert.deepEqual([error.name, error.message], ['RangeError', 'too far']);
});

test('a large buffer crosses whole', () => {
  const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
  assert.deepStrictEqual(cross(bytes), bytes);
});

test('the key __proto__ stays a key and changes no prototype', () => {
  const crossed = cross(JSON.parse('{"__proto__":{"polluted":true},"a":1}'));
  assert.deepEqual(Object.keys(crossed as object), ['__proto__', 'a']);
  assert.equal(Object.getPrototypeOf(crossed), Object.prototype);
  assert.equal('polluted' in {}, false);
});

test('a function needs somebody who keeps it, a symbol and a cycle never cross', () => {
  assert.throws(() => encode(() => 1), /could not be cloned/u);
  assert.throws(() => encode({ a: Symbol('x') }), /could not be cloned/u);
  const circle: unknown[] = [];
  circle.push(circle);
  assert.throws(() => encode(circle), /cycles/u);
  const shared = { x: 1 };
  assert.deepEqual(cross([shared, shared]), [{ x: 1 }, { x: 1 }]);
});

test('a kept function comes back as the stand-in made for its number', () => {
  const kept: Function[] = [];
  const add = (a: number, b: number): number => a + b;
  const text = encode({ add }, (one) => kept.push(one));
  const { add: proxy } = decode(text, (id) => kept[id - 1] ?? assert.fail()) as {
    add: typeof add;
  };
  assert.equal(proxy(1, 2), 3);
});

test('both halves are whole in their own source text, as the page gets them', () => {
  const make = (text: string): Function => runInThisContext(`(${text})`) as Function;
  const text: unknown = make(encode.toString())({ a: [1n, new Float32Array([2])] });
  assert.deepEqual(make(decode.toString())(text), { a: [1n, new Float32Array([2])] });
});

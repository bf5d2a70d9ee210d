// Both functions are also installed in the page as their own source text: nothing from outside may be used in them.

type Tagged = {
  readonly $: string;
  readonly v?: unknown;
  readonly k?: string;
  readonly n?: string;
};

/**
 * Turns a value into text as Electron's structured clone would take it: undefined, NaN, Infinity, -0, bigint,
 * ArrayBuffer and views, Date, Map, Set and Error survive. Functions go through `keepFunction`, which gives
 * them a number; without it they, and symbols always, throw "An object could not be cloned.". Cycles throw.
 */
export function encode(value: unknown, keepFunction?: (kept: Function) => number): string {
  const inside = new Set<object>();
  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let start = 0; start < bytes.length; start += 0x8000)
      text += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
    return btoa(text);
  };
  const writeObject = (item: object): unknown => {
    if (Array.isArray(item)) return Array.from(item, write);
    if (item instanceof ArrayBuffer) return { $: 'buffer', v: toBase64(new Uint8Array(item)) };
    if (ArrayBuffer.isView(item)) {
      const name = item.constructor.name;
      return {
        $: 'view',
        k: name === 'Buffer' ? 'Uint8Array' : name,
        v: toBase64(new Uint8Array(item.buffer, item.byteOffset, item.byteLength)),
      };
    }
    if (item instanceof Date) return { $: 'date', v: write(item.getTime()) };
    if (item instanceof Map) return { $: 'map', v: Array.from(item, write) };
    if (item instanceof Set) return { $: 'set', v: Array.from(item, write) };
    if (item instanceof Error) return { $: 'error', n: item.name, v: item.message };
    const entries = Object.entries(item).map(([key, inner]) => [key, write(inner)]);
    // Entries, so that a key such as __proto__ stays a key.
    return entries.some(([key]) => key === '$' || key === '__proto__')
      ? { $: 'entries', v: entries }
      : Object.fromEntries(entries);
  };
  function write(item: unknown): unknown {
    switch (typeof item) {
      case 'undefined':
        return { $: 'undefined' };
      case 'bigint':
        return { $: 'bigint', v: String(item) };
      case 'number':
        if (Object.is(item, -0)) return { $: 'number', v: '-0' };
        return Number.isFinite(item) ? item : { $: 'number', v: String(item) };
      case 'function':
        if (keepFunction !== undefined) return { $: 'function', v: keepFunction(item) };
        throw new Error('An object could not be cloned.');
      case 'symbol':
        throw new Error('An object could not be cloned.');
      case 'object': {
        if (item === null) return null;
        if (inside.has(item)) throw new Error('electron stand-in: cycles cannot cross.');
        inside.add(item);
        const written = writeObject(item);
        inside.delete(item);
        return written;
      }
      default:
        return item;
    }
  }
  return JSON.stringify(write(value));
}

/** Reads what `encode` wrote. `makeFunction` gives the stand-in of a function from its number. */
export function decode(text: string, makeFunction?: (id: number) => Function): unknown {
  const views = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  const toBuffer = (base64: unknown): ArrayBuffer => {
    const characters = atob(String(base64));
    const bytes = new Uint8Array(characters.length);
    for (let index = 0; index < characters.length; index += 1)
      bytes[index] = characters.charCodeAt(index);
    return bytes.buffer;
  };
  const readTagged = (item: Tagged): unknown => {
    switch (item.$) {
      case 'undefined':
        return undefined;
      case 'bigint':
        return BigInt(String(item.v));
      case 'number':
        return Number(item.v);
      case 'function':
        if (makeFunction === undefined) throw new Error('An object could not be cloned.');
        return makeFunction(Number(item.v));
      case 'buffer':
        return toBuffer(item.v);
      case 'view':
        return Reflect.construct(views[item.k as keyof typeof views], [toBuffer(item.v)]);
      case 'date':
        return new Date(Number(read(item.v)));
      case 'map':
        return new Map(read(item.v) as [unknown, unknown][]);
      case 'set':
        return new Set(read(item.v) as unknown[]);
      case 'error': {
        const error = new Error(String(item.v));
        error.name = String(item.n);
        return error;
      }
      case 'entries':
        return Object.fromEntries(
          (item.v as [string, unknown][]).map(([key, inner]) => [key, read(inner)]),
        );
      default:
        throw new Error(`electron stand-in: unknown tag ${item.$}.`);
    }
  };
  function read(item: unknown): unknown {
    if (item === null || typeof item !== 'object') return item;
    if (Array.isArray(item)) return item.map(read);
    if ('$' in item) return readTagged(item as Tagged);
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, read(inner)]));
  }
  return read(JSON.parse(text));
}

import type { decode, encode } from '../codec.ts';

/** The value codec, handed to each half as its own source text. */
export type Codec = { readonly encode: typeof encode; readonly decode: typeof decode };

/** From the page's world to the preload's world. */
export type FromMainWorld =
  | { readonly kind: 'call'; readonly call: number; readonly id: number; readonly args: string }
  | { readonly kind: 'open'; readonly url: string };

/** From the preload's world to the page's world. `value` and `args` are encoded text. */
export type ToMainWorld =
  | { readonly kind: 'expose'; readonly key: string; readonly api: string }
  | { readonly kind: 'returned'; readonly value: string }
  | { readonly kind: 'threw'; readonly message: string }
  | { readonly kind: 'promised' }
  | { readonly kind: 'resolved'; readonly call: number; readonly value: string }
  | { readonly kind: 'rejected'; readonly call: number; readonly message: string }
  | { readonly kind: 'callback'; readonly id: number; readonly args: string };

/** From the preload's world to the host. */
export type ToHost =
  | {
      readonly kind: 'invoke';
      readonly id: number;
      readonly channel: string;
      readonly args: string;
    }
  | { readonly kind: 'send'; readonly channel: string; readonly args: string }
  | { readonly kind: 'open'; readonly url: string };

/** From the host to the preload's world. */
export type FromHost =
  | { readonly kind: 'reply'; readonly id: number; readonly value: string }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  | { readonly kind: 'message'; readonly channel: string; readonly args: string };

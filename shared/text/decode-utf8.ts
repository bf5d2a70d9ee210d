/** In Node and in every browser, though not of the language itself. */
declare const TextDecoder: new (
  encoding: 'utf-8',
  options: { readonly fatal: true },
) => { readonly decode: (bytes: Uint8Array) => string };

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * The text of bytes in UTF-8, without a byte-order mark. Undefined where they are no such text: another encoding, or a
 * zero byte, as UTF-16 and files that hold no text have.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Emscripten modules of cornerstone's decoders, all of one shape. */
type CodecModule = (options: {
  readonly print: (line: string) => void;
}) => Promise<Record<string, unknown>>;

declare module '@cornerstonejs/codec-charls/decode' {
  const create: CodecModule;
  export default create;
}
declare module '@cornerstonejs/codec-openjpeg/decode' {
  const create: CodecModule;
  export default create;
}
declare module '@cornerstonejs/codec-openjph' {
  const create: CodecModule;
  export default create;
}

declare module 'jpeg-lossless-decoder-js' {
  export class Decoder {
    decode(
      buffer: ArrayBuffer,
      offset: number,
      length: number,
      bytesPerComponent: number,
    ): Uint8Array | Uint16Array;
  }
}

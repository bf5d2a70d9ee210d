import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { main } from 'assemblyscript/asc';

const folder = path.join(import.meta.dirname, 'source');

/** The kernel's WebAssembly from its source. Throws with the compiler's words where it does not compile. */
export async function compileKernel(): Promise<Uint8Array> {
  let bytes: Uint8Array | undefined;
  const { error } = await main(
    [
      'similarity.ts',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--noExportMemory',
      '--noAssert',
      '-O3',
      '--outFile',
      'kernel.wasm',
    ],
    {
      readFile: (name) => {
        const file = path.join(folder, name);
        return existsSync(file) ? readFileSync(file, 'utf8') : null;
      },
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === undefined)
    throw new Error('The kernel does not compile.', { cause: error });
  return bytes;
}

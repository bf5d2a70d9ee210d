// Compiles the kernel of gaze similarity: npm run kernel. Writes shared/gaze/similarity/kernel.generated.ts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { compileKernel } from './kernel/compile-kernel.ts';

const bytes = await compileKernel();
const lines: string[] = [];
for (let at = 0; at < bytes.length; at += 24)
  lines.push(`  ${bytes.slice(at, at + 24).join(', ')},`);
writeFileSync(
  path.resolve(import.meta.dirname, '../shared/gaze/similarity/kernel.generated.ts'),
  `/** WebAssembly of scripts/kernel/source, made by \`npm run kernel\`. */
export const kernelBytes: Uint8Array<ArrayBuffer> = Uint8Array.of(
${lines.join('\n')}
);
`,
);
console.log(`${bytes.length} bytes.`);

/**
 * Writes THIRD-PARTY.md: what the repository and the product hold that is not ours, with its licence.
 * `--check` only says whether the file is up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..');

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      devOptional: z.boolean().optional(),
    }),
  ),
});

/** Licences under which something may come along with a product under GPL-3.0-or-later. */
const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'GPL-3.0-or-later',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Whether an SPDX expression of AND and OR, at most one pair of brackets around it, is acceptable. */
export function isAccepted(expression: string): boolean {
  const bare = expression.replace(/^\((?<inside>.*)\)$/u, '$<inside>').trim();
  if (/[()]/u.test(bare)) return false;
  return bare
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => accepted.has(name.trim())));
}

export type Package = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Only needed to build and test. */
  readonly isTool: boolean;
};

/** Packages published before `license` became a word: `licenses: [{ type }]`. */
const oldLicences = z.object({ licenses: z.array(z.object({ type: z.string() })).min(1) });

function readOldLicence(folder: string): string {
  const file = path.join(root, folder, 'package.json');
  if (!existsSync(file)) return 'unknown';
  const found = oldLicences.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return found.success ? found.data.licenses.map(({ type }) => type).join(' OR ') : 'unknown';
}

/** Every package of package-lock.json, each version once, by name. */
export function listPackages(lockText: string): readonly Package[] {
  const { packages } = lockFile.parse(JSON.parse(lockText));
  const found = new Map<string, Package>();
  for (const [folder, entry] of Object.entries(packages)) {
    if (folder === '' || entry.version === undefined) continue;
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const key = `${name}@${entry.version}`;
    const isTool = entry.dev === true && found.get(key)?.isTool !== false;
    const licence = entry.license ?? readOldLicence(folder);
    found.set(key, { name, version: entry.version, licence, isTool });
  }
  return [...found.values()].toSorted(
    (a, b) =>
      (a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
      a.version.localeCompare(b.version, 'en', { numeric: true }),
  );
}

function table(packages: readonly Package[]): string {
  const rows = packages.map(
    ({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`,
  );
  return ['| package | version | licence |', '|---|---|---|', ...rows].join('\n');
}

const files = `# Third parties and their licences

Fovea is free software under GPL-3.0-or-later (LICENSE). This page lists what comes along that others made.
It is written by \`scripts/third-party.ts\`; a test fails while it is not up to date.

## Pictures and files in this repository

| file | source | licence | change |
|---|---|---|---|
| assets/demonstration/fundus/NNNN.jpg (36) | IDRiD, © 2018 Prasanna Porwal, Samiksha Pachade, Ravi Kamble, Manesh Kokare, Girish Deshmukh, Vivek Sahasrabuddhe, Fabrice Meriaudeau | CC BY 4.0 | scaled to 512 × 340, metadata dropped |
| assets/demonstration/fundus/retina.jpg | Mikael Häggström, through scikit-image | CC0 1.0 | none |

More on them: [assets/demonstration/LICENCES.md](assets/demonstration/LICENCES.md). The mammograms of the
demonstration library are drawn by our own program at the first start.

## Files of packages that the built page serves

| file | package | licence | change |
|---|---|---|---|
| webgazer/webgazer.js | webgazer | GPL-3.0-or-later | none |
| webgazer/mediapipe/face_mesh/* | @mediapipe/face_mesh 0.4.1633559619, inside webgazer; © The MediaPipe Authors | Apache-2.0 | two scripts changed by \`scripts/webgazer-files.ts\`, which say so at their top |

The licences below are those that each package declares; most packages bring the whole text in their folder
under \`node_modules\`.
`;

/** The whole of THIRD-PARTY.md. Throws where a licence is unknown or not acceptable. */
export function describeThirdParties(packages: readonly Package[]): string {
  const refused = packages.filter(({ licence }) => !isAccepted(licence));
  if (refused.length > 0)
    throw new Error(
      `Look at these licences before shipping: ${refused
        .map(({ name, version, licence }) => `${name}@${version} (${licence})`)
        .join(', ')}.`,
    );
  const [product, tools] = [
    packages.filter(({ isTool }) => !isTool),
    packages.filter(({ isTool }) => isTool),
  ];
  return `${files}
## Packages of the product (${product.length})

Everything that \`npm ci --omit=dev\` can install, for any platform.

${table(product)}

## Packages that only build and test it (${tools.length})

${table(tools)}
`;
}

if (import.meta.main) {
  const target = path.join(root, 'THIRD-PARTY.md');
  const text = describeThirdParties(
    listPackages(readFileSync(path.join(root, 'package-lock.json'), 'utf8')),
  );
  if (!process.argv.includes('--check')) writeFileSync(target, text);
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error('THIRD-PARTY.md is not up to date: run node scripts/third-party.ts.');
    process.exitCode = 1;
  }
}

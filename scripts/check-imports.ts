import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A room of the house: which files belong to it and what they may import. First match counts. */
type Room = {
  readonly name: string;
  readonly files: RegExp;
  /** Files of the project, as paths from its root. */
  readonly may: RegExp;
  /** Packages and built-in modules, as they stand in the import. */
  readonly packages: RegExp;
};

const rooms: readonly Room[] = [
  {
    name: 'shared/database',
    files: /^shared\/database\//u,
    may: /^shared\//u,
    packages: /^(?:node:|better-sqlite3$|zod$)/u,
  },
  { name: 'shared', files: /^shared\//u, may: /^shared\/(?!database\/)/u, packages: /^zod$/u },
  {
    name: 'renderer',
    files: /^renderer\//u,
    may: /^(?:renderer|shared\/(?!database\/))/u,
    packages:
      /^(?:react$|react\/|react-dom|react-aria-components$|@cornerstonejs\/|dicom-parser$|uplot|zod$|@tanstack\/react-virtual$)/u,
  },
  {
    name: 'trainer',
    files: /^trainer\//u,
    may: /^(?:trainer|shared)\//u,
    packages:
      /^(?:node:|onnxruntime-node$|@tensorflow\/|webgpu$|zod$|jpeg-js$|fast-png$|dicom-parser$|jpeg-lossless-decoder-js$|@cornerstonejs\/codec-)/u,
  },
  {
    name: 'electron/app',
    files: /^electron\/app\//u,
    may: /^(?:electron\/app\/|electron\/host\/host\.ts$|shared\/)/u,
    packages: /^(?:node:|zod$|dicom-parser$|dcmjs$)/u,
  },
  {
    name: 'electron',
    files: /^electron\//u,
    may: /^(?:electron|shared)\//u,
    packages: /^(?:node:|electron$|zod$)/u,
  },
];

/** Only these renderer folders may import the package. */
const soleImporters: readonly { readonly package: RegExp; readonly files: RegExp }[] = [
  { package: /^@cornerstonejs\//u, files: /^(?:renderer\/viewer\/|trainer\/)/u },
  { package: /^electron$/u, files: /^electron\/(?:main|preload|cli)\.ts$|^electron\/host\// },
];

const importing =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"](?<a>[^'"]+)['"]|\bimport\(\s*['"](?<b>[^'"]+)['"]/gu;

/** Sentences naming each import in `source` (the text of `file`, a path from the project's root) that breaks the house rules. */
export function findViolations(file: string, source: string): string[] {
  const room = rooms.find((candidate) => candidate.files.test(file));
  if (room === undefined) return [];
  const found: string[] = [];
  if (path.posix.basename(file).startsWith('index.ts'))
    found.push(`${file} is a barrel: name the file for what it holds.`);
  for (const match of source.matchAll(importing)) {
    const target = match.groups?.['a'] ?? match.groups?.['b'] ?? '';
    const allowed = target.startsWith('.')
      ? room.may.test(path.posix.join(path.posix.dirname(file), target))
      : room.packages.test(target) &&
        soleImporters.every((rule) => !rule.package.test(target) || rule.files.test(file));
    if (!allowed) found.push(`${file} imports '${target}', which ${room.name} may not.`);
  }
  return found;
}

/** Every violation below the project's root. */
export function checkImports(root: string): string[] {
  const found: string[] = [];
  for (const folder of ['electron', 'renderer', 'trainer', 'shared']) {
    for (const entry of readdirSync(path.join(root, folder), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile() || !/\.tsx?$/u.test(entry.name)) continue;
      const absolute = path.join(entry.parentPath, entry.name);
      const file = path.relative(root, absolute).split(path.sep).join('/');
      found.push(...findViolations(file, readFileSync(absolute, 'utf8')));
    }
  }
  return found;
}

if (import.meta.main) {
  const found = checkImports(path.resolve(import.meta.dirname, '..'));
  for (const sentence of found) console.error(sentence);
  if (found.length > 0) process.exit(1);
}

import path from 'node:path';

/**
 * A file that runs as a thread or a process of its own, by the name of its source: beside the asking module in the
 * sources, beside the trainer's one file where that is built.
 */
export const siblingFile = (name: string, { dirname, filename }: ImportMeta): string =>
  path.join(dirname, `${name}${path.extname(filename)}`);

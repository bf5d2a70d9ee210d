import type { SomeHandlers } from '../../shared/ipc/dispatch.ts';
import type { Host } from '../host/host.ts';
import type { Importer } from './import/import-images.ts';

type ImportRequests =
  'import.choose' | 'import.begin-upload' | 'import.end-upload' | 'import.report';

/** The page's requests about imports. */
export function createImports(host: Host, importer: Importer): SomeHandlers<ImportRequests> {
  return {
    'import.choose': async ({ what }) => {
      const paths = await host.choosePaths(what);
      if (paths === undefined || paths.length === 0) return null;
      const importId = importer.begin(0);
      // Progress is told by topic; the page asks for the report at the end.
      void importer.importPaths(importId, paths);
      return { importId };
    },
    'import.begin-upload': ({ files }) => ({ importId: importer.begin(files) }),
    'import.end-upload': ({ importId }) => importer.end(importId),
    'import.report': ({ importId }) => importer.report(importId),
  };
}

import { createRequire } from 'node:module';
import path from 'node:path';

/** Variable that names the folder of an installation of tfjs-node-gpu (or tfjs-node) made by the site. */
export const siteFolderVariable = 'FOVEA_TENSORFLOW_FOLDER';

/** Packages in which a site may have libtensorflow, the one for graphics cards first. */
const names = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

/** A package of libtensorflow, found and not yet loaded. */
export type NodePackage = { readonly name: string; readonly load: () => unknown };

/** The packages of libtensorflow that are installed beside the station or in the site's folder. */
export function findNodePackages(): NodePackage[] {
  const site = process.env[siteFolderVariable];
  const places = [import.meta.filename, ...(site === undefined ? [] : [path.join(site, 'any.js')])];
  return places.flatMap((place) =>
    names.flatMap((name) => {
      const require = createRequire(place);
      try {
        require.resolve(name);
      } catch {
        return [];
      }
      return [{ name, load: (): unknown => require(name) }];
    }),
  );
}

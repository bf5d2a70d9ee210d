import { findImageFile } from '../../shared/database/images.ts';
import type { ReadDatabase } from '../../shared/database/open.ts';
import type { Reply } from '../../shared/ipc/contract.ts';
import type { FileStore } from './file-store.ts';
import { refuseFile, resolveInside, serveFile } from './file-server.ts';
import type { Importer } from './import/import-images.ts';
import { largestFileBytes } from './import/inspected-image.ts';
import { StationError } from '../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../shared/training/initial-weights.ts';

type ServeOptions = {
  readonly database: ReadDatabase;
  readonly store: FileStore;
  readonly importer: Importer;
  readonly pageFolder: string | undefined;
  /** Takes an uploaded file of weights; throws StationError. */
  readonly storeWeights: (name: string, bytes: Uint8Array) => Promise<InitialWeightsChoice>;
};

const types = {
  dicom: 'application/dicom',
  jpeg: 'image/jpeg',
  png: 'image/png',
} as const;

/** Reads an upload whole; undefined where it is larger than a file may be. */
async function readBody(request: Request): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (request.body !== null)
    for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > largestFileBytes) return undefined;
      parts.push(part);
    }
  return Buffer.concat(parts);
}

/**
 * Answers `app://station/...`: `/image/<id>` the bytes of an image, `POST /upload/<importId>?name=` one
 * file of an import (507 where the import has stopped and wants no more), `POST /weights?name=` a file of weights
 * (the answer is the reply as JSON), anything else a file of the built page.
 */
export function createServe(options: ServeOptions): (request: Request) => Promise<Response> {
  const { database, store, importer, pageFolder, storeWeights } = options;

  const takeWeights = async (request: Request, name: string): Promise<Reply<unknown>> => {
    try {
      const bytes = await readBody(request);
      if (bytes === undefined)
        throw new StationError('weights-unreadable', {
          file: name,
          reason: `it has more than ${largestFileBytes / 1e6} MB`,
        });
      return { ok: true, value: await storeWeights(name, bytes) };
    } catch (error) {
      if (!(error instanceof StationError)) throw error;
      return { ok: false, error: { code: error.code, details: error.details } };
    }
  };

  const upload = async (request: Request, importId: number, name: string): Promise<Response> => {
    const bytes = await readBody(request);
    if (bytes === undefined)
      importer.refuse(
        importId,
        name,
        new StationError('image-too-large', {
          size: 'more than 1 GB',
          limit: `${largestFileBytes / 1e6} MB`,
        }),
      );
    else if (!(await importer.importBytes(importId, name, bytes))) return refuseFile(507);
    return refuseFile(204);
  };

  return async (request) => {
    if (!URL.canParse(request.url)) return refuseFile(400);
    const url = new URL(request.url);
    const uploading = /^\/upload\/(?<id>\d{1,15})$/u.exec(url.pathname)?.groups?.['id'];
    if (uploading !== undefined) {
      if (request.method !== 'POST') return refuseFile(405);
      try {
        return await upload(request, Number(uploading), url.searchParams.get('name') ?? 'file');
      } catch (error) {
        return refuseFile(error instanceof StationError ? 404 : 500);
      }
    }
    if (url.pathname === '/weights') {
      if (request.method !== 'POST') return refuseFile(405);
      return Response.json(await takeWeights(request, url.searchParams.get('name') ?? 'file'));
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuseFile(405);
    const isHead = request.method === 'HEAD';
    const imageId = /^\/image\/(?<id>\d{1,15})$/u.exec(url.pathname)?.groups?.['id'];
    if (imageId !== undefined) {
      const image = findImageFile(database, Number(imageId));
      if (image === undefined) return refuseFile(404);
      return serveFile(store.pathOf(image.sha256), types[image.format], isHead);
    }
    if (pageFolder === undefined) return refuseFile(404);
    const file = await resolveInside(pageFolder, url.pathname);
    return file === undefined ? refuseFile(404) : serveFile(file, undefined, isHead);
  };
}

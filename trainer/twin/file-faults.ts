import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';

/** A fault of a file that a person can mend, with the place: `gaze.csv, line 3`. */
export function badFile(file: string, line: number | undefined, problem: string): StationError {
  const place = line === undefined ? '' : `, line ${line}`;
  return new StationError('invalid-input', { field: `${path.basename(file)}${place}`, problem });
}

const codeOf = (error: unknown): string | undefined =>
  (error as NodeJS.ErrnoException | undefined)?.code;

/** Why a file could not be read, as a person can act upon it; another error comes back as it is. */
export function wordReadFault(error: unknown, file: string): unknown {
  switch (codeOf(error)) {
    case 'ENOENT':
      return new StationError('file-missing', { file }, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new StationError('no-permission', { file }, { cause: error });
    case 'EISDIR':
      return badFile(file, undefined, 'it is a folder; name the file in it');
    case 'ENOTDIR':
      return badFile(file, undefined, 'it is a file where a folder is needed; name the folder');
    case 'EIO':
      return badFile(file, undefined, 'the disk could not read it; copy it again from its source');
    default:
      return error;
  }
}

/** Why nothing could be written to the folder of a run, as a person can act upon it; others come back as they are. */
export function wordWriteFault(error: unknown, folder: string): unknown {
  const bad = (problem: string): StationError =>
    new StationError('invalid-input', { field: '--out', problem }, { cause: error });
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    // The file system or a limit of the process allows no larger file.
    case 'EFBIG':
      return new StationError('disk-full', { folder }, { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return bad(`${folder} cannot be written; choose another folder or ask for the right to`);
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
      return bad(
        `${folder} or what the run keeps in it is a file or folder of another kind; choose another folder`,
      );
    default:
      return error;
  }
}

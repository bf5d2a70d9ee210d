import path from 'node:path';
import { StationError } from '../../shared/station-error.ts';
import { wordFileError } from '../app/file-errors.ts';

/** Why the file that an option names could not be written, as a person can act upon it; others come back as they are. */
export function wordWriteError(error: unknown, option: string, file: string): Error {
  const bad = (problem: string): StationError =>
    new StationError('invalid-input', { field: option, problem }, { cause: error });
  const folder = path.dirname(path.resolve(file));
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return bad(`there is no folder ${folder}; make it or name another`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return bad(`${file} cannot be written; name another file or ask for the right to`);
    default:
      return wordFileError(error, file, folder);
  }
}

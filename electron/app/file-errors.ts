import { StationError } from '../../shared/station-error.ts';

/** Turns an error of the file system into one that a person can act upon; others come back as they are. */
export function wordFileError(error: unknown, file: string, folder: string): Error {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'SQLITE_FULL':
      return new StationError('disk-full', { folder }, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new StationError('no-permission', { file }, { cause: error });
    case 'EROFS':
      return new StationError('data-folder-read-only', { folder }, { cause: error });
    case 'EISDIR':
      return new StationError(
        'invalid-input',
        { field: file, problem: 'it is a folder where a file is needed' },
        { cause: error },
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return new StationError('file-missing', { file }, { cause: error });
    default:
      return error instanceof Error ? error : new Error(String(error));
  }
}

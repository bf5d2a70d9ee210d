import type { Failure } from '../../shared/ipc/contract.ts';
import { messages } from '../messages/en.ts';
import type { DroppedFile } from './dropped-files.ts';

/** Files on their way at one time. */
const atOnce = 3;

/** A file that never reached the station. */
export type LostFile = { readonly file: string; readonly error: Failure };

/**
 * POSTs one file. `lost`: the page could not read it or the station did not take note of it; `stopped`: the
 * import has ended early (its report says why) and takes no further file.
 */
async function sendFile(
  importId: number,
  { name, file }: DroppedFile,
): Promise<'counted' | 'lost' | 'stopped'> {
  try {
    // The station's own origin is app://station; the address is relative because a stand-in has another.
    // Refusals are the import's to report: a good status means that it has counted the file.
    const answer = await fetch(`/upload/${importId}?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: file,
    });
    if (answer.status === 507) return 'stopped';
    return answer.ok ? 'counted' : 'lost';
  } catch {
    return 'lost';
  }
}

/** Sends every file, a few at once, in order, until the import stops; gives those that could not be sent. */
export async function uploadFiles(
  importId: number,
  files: readonly DroppedFile[],
  onSent: (done: number) => void,
): Promise<readonly LostFile[]> {
  const waiting = files.values();
  const lost: LostFile[] = [];
  let done = 0;
  let stopped = false;
  const work = async (): Promise<void> => {
    // Each worker takes the next file from the one iterator.
    for (const next of waiting) {
      const outcome = await sendFile(importId, next);
      stopped ||= outcome === 'stopped';
      if (stopped) return;
      if (outcome === 'lost')
        lost.push({
          file: next.name,
          error: { code: 'unreadable-file', details: { reason: messages.import.notHandedOver } },
        });
      done += 1;
      onSent(done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return lost;
}

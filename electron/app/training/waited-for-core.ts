import { readFileSync } from 'node:fs';

/**
 * Milliseconds for which a process's main thread was ready and had no core, since its start; 0 where the system does
 * not say (Linux does, in the second figure of `/proc/PID/schedstat`).
 */
export function readWaitedForCoreMs(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(waitedNs) / 1e6;
  } catch {
    return 0;
  }
}

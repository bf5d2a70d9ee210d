import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What `/proc/PID/NAME` says; empty where the process is gone. */
function readProcess(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Fields of `/proc/PID/stat` from the third, the state, on; proc_pid_stat(5). */
const statOf = (pid: number): readonly string[] =>
  readProcess(pid, 'stat')
    .replace(/^.*\) /su, '')
    .split(' ');
const parentOf = (pid: number): number => Number(statOf(pid)[1] ?? 0);

/** The trainer's process id, among this process's descendants (Linux). Throws where there is none. */
export function findTrainer(): number {
  const isOurs = (pid: number): boolean =>
    pid === process.pid || (pid > 1 && isOurs(parentOf(pid)));
  const found = readdirSync('/proc')
    .map(Number)
    .find((pid) => readProcess(pid, 'cmdline').includes('out/trainer/main.js') && isOurs(pid));
  if (found === undefined) throw new Error('No trainer runs.');
  return found;
}

/** Processor time that a process has used, in ticks of 10 ms. */
export function countedTicks(pid: number): number {
  const stat = statOf(pid);
  return Number(stat[11] ?? 0) + Number(stat[12] ?? 0);
}

/** Gives every thread of a process the ordinary class, its nice value alone acting, or the idle class. */
export function setOrdinaryPolicy(pid: number, ordinary: boolean): void {
  const policy = ordinary ? '--other' : '--idle';
  execFileSync('chrt', ['--all-tasks', policy, '--pid', '0', String(pid)]);
}

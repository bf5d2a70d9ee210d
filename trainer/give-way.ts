import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

/**
 * How far a process stands back. `idle`: every thread runs only where nothing else wants the core (Linux SCHED_IDLE,
 * which stands for the idle class of the disk as well; Windows IDLE_PRIORITY_CLASS). `lowered`: nice 19, which still
 * takes its small share. `ordinary`: neither was possible.
 */
export const priorities = ['idle', 'lowered', 'ordinary'] as const;
export type Priority = (typeof priorities)[number];

const lowest = 19;
/** SCHED_IDLE, and its place in `/proc/PID/task/TID/stat` behind the name; proc_pid_stat(5) counts it as the 41st. */
const idlePolicy = 5;
const policyField = 38;
const longestCallMs = 2000;

const ownThreads = (): readonly string[] => readdirSync('/proc/self/task');

/** Whether every thread of this process is in Linux' idle class. */
function areAllIdle(): boolean {
  return ownThreads().every((thread) => {
    const fields = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').replace(/^.*\) /su, '');
    return Number(fields.split(' ')[policyField]) === idlePolicy;
  });
}

/** Linux takes a nice value for one thread only: those made before have each to be told. */
function lowerLinux(): Priority {
  for (const thread of ownThreads()) setPriority(Number(thread), lowest);
  try {
    // Of util-linux, which every Debian has; Node has no call for it. Threads and children made later inherit it.
    execFileSync('chrt', ['--all-tasks', '--idle', '--pid', '0', String(process.pid)], {
      stdio: 'ignore',
      timeout: longestCallMs,
    });
    return areAllIdle() ? 'idle' : 'lowered';
  } catch {
    return 'lowered';
  }
}

/** Puts this process, its threads and all that it starts from now on behind the reader; answers how far. */
export function giveWay(): Priority {
  try {
    if (process.platform === 'linux') return lowerLinux();
    setPriority(lowest);
    return process.platform === 'win32' ? 'idle' : 'lowered';
  } catch {
    return 'ordinary';
  }
}

/** Where a command writes: sentences, progress, and one JSON object where that is asked for. */
export interface Output {
  /** A line on standard output; silent where JSON is asked for. */
  say(line: string): void;
  /** A line on standard error. */
  complain(line: string): void;
  /** The state of work: one line rewritten on a terminal, a line now and then elsewhere. */
  progress(line: string): void;
  /** Ends the progress line. */
  endProgress(): void;
  /** The result, printed where JSON is asked for. */
  result(value: unknown): void;
}

const plainEveryMs = 2000;

/** Writes to this process's streams. */
export function createOutput(json: boolean, nowMs: () => number): Output {
  const { stdout, stderr } = process;
  let onLine = false;
  let toldAtMs = -Infinity;
  const endProgress = (): void => {
    if (onLine) stderr.write('\n');
    onLine = false;
  };
  return {
    say: (line) => {
      endProgress();
      if (!json) stdout.write(`${line}\n`);
    },
    complain: (line) => {
      endProgress();
      stderr.write(`${line}\n`);
    },
    progress: (line) => {
      if (stderr.isTTY) {
        stderr.write(`\r${line.slice(0, (stderr.columns || 80) - 1)}\u001b[K`);
        onLine = true;
      } else if (nowMs() - toldAtMs >= plainEveryMs) {
        toldAtMs = nowMs();
        stderr.write(`${line}\n`);
      }
    },
    endProgress,
    result: (value) => {
      if (json) stdout.write(`${JSON.stringify(value)}\n`);
    },
  };
}

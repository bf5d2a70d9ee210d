import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type EngineName, processorEngines } from '../../shared/training/engine-names.ts';
import type { StepDescription } from '../backend.ts';
import type { Adapter } from './adapter.ts';
import {
  type CheckAnswer,
  checkAnswer,
  checkHalfway,
  type CheckOutcome,
  type Refusal,
} from './check-outcome.ts';
import { findNodePackages } from './tensorflow/node-package.ts';

/** Longest trial of an engine on a graphics card, whose driver may hang: shaders are compiled at the first step. */
const longestCheckMs = 90_000;
/** On the processor nothing hangs, but a trial gets no core while a reader wants them. */
const longestProcessorCheckMs = 600_000;
const longestAdapterMs = 10_000;
/** Of what a trial's process writes before it ends, so much is looked at. */
const keptCharacters = 20_000;

/** The child's file: beside this one in the sources, beside the trainer's one file where that is built. */
const childFile = (): string =>
  path.join(import.meta.dirname, `check-child${path.extname(import.meta.filename)}`);

/** Asks a new process; a crash, silence or a failing start come back as a refusal. */
export function askChild(
  question: object,
  limitMs: number,
  {
    file = childFile(),
    onHalfway,
  }: { readonly file?: string; readonly onHalfway?: () => void } = {},
): Promise<CheckAnswer> {
  return new Promise((resolve) => {
    // Electron's own file is Node only where the environment says so.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
    const child = fork(file, [], { env, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let written = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      written = (written + text).slice(-keptCharacters);
    });
    const refuse = (reason: string, cause: Refusal['cause'] = 'moment'): void =>
      done({ kind: 'refused', reason, cause });
    const done = (answer: CheckAnswer): void => {
      clearTimeout(limit);
      child.removeAllListeners();
      child.on('error', () => undefined);
      child.kill('SIGKILL');
      resolve(answer);
    };
    const limit = setTimeout(() => {
      // This thread may itself have been busy until now: an answer that has come in is read first.
      setImmediate(() => refuse(`its check took longer than ${limitMs / 1000} s`));
    }, limitMs);
    child.on('message', (message) => {
      if (checkHalfway.safeParse(message).success) onHalfway?.();
      else done(checkAnswer.parse(message));
    });
    child.on('error', (error) => refuse(`its process did not start: ${error.message}`));
    // Once all that it wrote has been read: V8 and C++ say there that memory was short, and end by the same signal as a crash.
    child.on('close', (code, signal) => {
      const how = signal ?? `code ${code}`;
      const short = written.split('\n').find((line) => /out of memory|bad_alloc/iu.test(line));
      const why = short === undefined ? how : `${how}: ${short.trim()}`;
      refuse(
        `its process ended during the check (${why})`,
        short === undefined ? 'moment' : 'memory',
      );
    });
    child.send(question, (error) => {
      if (error !== null) refuse(`its process did not listen: ${error.message}`);
    });
  });
}

/** What an engine lacks, where that can be seen without a process; else undefined. */
function missingPart(engine: EngineName): string | undefined {
  if (engine === 'tensorflow-node')
    return findNodePackages().length > 0 ? undefined : 'tfjs-node-gpu is not installed';
  if (engine !== 'onnx-cuda') return undefined;
  const windows = process.platform === 'win32';
  const name = windows ? 'onnxruntime_providers_cuda.dll' : 'libonnxruntime_providers_cuda.so';
  const library = `../bin/napi-v6/${process.platform}/${process.arch}/${name}`;
  try {
    const entry = createRequire(import.meta.filename).resolve('onnxruntime-node');
    if (existsSync(path.resolve(path.dirname(entry), library))) return undefined;
  } catch {
    return 'ONNX Runtime has no binary for this machine';
  }
  return 'the CUDA part of ONNX Runtime is not installed';
}

/** Tries an engine in a process of its own. `onGolden` is called where it has passed the stored steps. */
export async function tryEngine(
  engine: EngineName,
  step: StepDescription,
  threads: number,
  onGolden?: () => void,
): Promise<CheckOutcome> {
  const missing = missingPart(engine);
  if (missing !== undefined) return { kind: 'refused', reason: missing, cause: 'moment' };
  const limitMs = processorEngines.includes(engine) ? longestProcessorCheckMs : longestCheckMs;
  const answer = await askChild({ kind: 'check', engine, step, threads }, limitMs, {
    ...(onGolden && { onHalfway: onGolden }),
  });
  return answer.kind === 'adapter'
    ? { kind: 'refused', reason: 'a wrong answer', cause: 'moment' }
    : answer;
}

/** The graphics adapter, looked for in a process of its own; undefined where there is none or the driver crashes. */
export async function askAdapter(): Promise<Adapter | undefined> {
  const answer = await askChild({ kind: 'adapter' }, longestAdapterMs);
  return answer.kind === 'adapter' ? (answer.adapter ?? undefined) : undefined;
}

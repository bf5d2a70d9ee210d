// The whole training step (both views, loss, gradients, optimiser) beside the same step in PyTorch, in turns:
//   node test/benchmarks/train-step.ts [--encoders A,B] [--methods A,B] [--sides A,B] [--views A,B] [--rounds N]
//     [--engines A,B] [--python FILE] [--threads N]
// Images per second of views, the median of each round's ratio with its quartiles (a machine that others use changes its
// speed between rounds more than within one), and the peak resident memory of each process. Ours is started as the station
// starts its trainer, on Linux with large pages; GLIBC_TUNABLES=glibc.malloc.hugetlb=1 gives them to PyTorch too, =0 to neither.
import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { trainerEnvironment } from '../../electron/host/trainer-environment.ts';
import { percentile } from '../../trainer/evaluation/bootstrap.ts';

const { values } = parseArgs({
  options: {
    encoders: { type: 'string', default: 'resnet-18,resnet-50' },
    methods: { type: 'string', default: 'simclr,moco-v2' },
    sides: { type: 'string', default: '96,224' },
    views: { type: 'string', default: '16,32' },
    engines: { type: 'string', default: 'onnx-blocked,onnx-plain' },
    layouts: { type: 'string', default: 'nchw,channels_last' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    python: { type: 'string', default: 'python3' },
  },
});
const list = (text: string): readonly string[] => text.split(',').filter((part) => part !== '');
const here = (file: string): string => path.join(import.meta.dirname, file);

type Stepper = {
  readonly step: () => Promise<number>;
  /** Ends the process; its peak resident memory in bytes. */
  readonly end: () => Promise<number>;
};

/** Starts a process that says "ready" and then answers each line with a number. */
async function start(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<Stepper> {
  const env = { ...environment, OMP_WAIT_POLICY: 'passive' };
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${command} ${args.join(' ')} ended.`);
    return value;
  };
  const ask = async (line: string): Promise<number> => {
    child.stdin.write(`${line}\n`);
    return Number(await next());
  };
  if ((await next()) !== 'ready') throw new Error(`${command} did not get ready.`);
  return { step: () => ask('step'), end: () => ask('end') };
}

/** How many times as fast `ours` was as `theirs`: the median of the rounds and, in brackets, the quartiles. */
function wordRatio(theirs: readonly number[], ours: readonly number[]): string {
  const ratios = theirs.map((ms, round) => ms / (ours[round] ?? Number.NaN)).sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) =>
    percentile(ratios, share).toFixed(2),
  );
  return `${middle} (${low} to ${high})`;
}

async function compare(
  encoder: string,
  method: string,
  side: string,
  views: number,
): Promise<void> {
  const shape = [encoder, method, side, String(views / 2)];
  const steppers = new Map<string, Stepper>();
  for (const layout of list(values.layouts)) {
    const args = [here('train-step.py'), ...shape, layout, values.threads];
    steppers.set(`PyTorch ${layout}`, await start(values.python, args, process.env));
  }
  for (const engine of list(values.engines)) {
    const args = [here('train-step-child.ts'), ...shape, engine, values.threads];
    steppers.set(engine, await start(process.execPath, args, trainerEnvironment()));
  }
  const times = new Map<string, number[]>([...steppers.keys()].map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const [name, { step }] of steppers) times.get(name)?.push(await step());
  console.log(
    `${encoder}, ${method}, ${side} px, ${views} views (load ${loadavg()[0]?.toFixed(1)})`,
  );
  const base: { readonly name: string; readonly times: number[]; readonly bytes: number }[] = [];
  for (const [name, { end }] of steppers) {
    const [own, bytes] = [times.get(name) ?? [], await end()];
    const ratios = base.map(
      (other) =>
        `${wordRatio(other.times, own)} times its speed and ${(bytes / other.bytes).toFixed(2)} its memory (${other.name})`,
    );
    if (name.startsWith('PyTorch')) base.push({ name, times: own, bytes });
    const middleMs = percentile(
      own.toSorted((a, b) => a - b),
      0.5,
    );
    const rate = ((views * 1000) / middleMs).toFixed(1);
    const memory = (bytes / 1e9).toFixed(2);
    console.log(`  ${[`${name}: ${rate} images/s, ${memory} GB`, ...ratios].join('; ')}`);
  }
}

for (const encoder of list(values.encoders))
  for (const side of list(values.sides))
    for (const views of list(values.views))
      for (const method of list(values.methods))
        await compare(encoder, method, side, Number(views));

import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { StationError } from '../../shared/station-error.ts';
import { measureNames } from '../../shared/training/run-configuration.ts';
import { writeWhole } from '../write-file.ts';

/** `[images, labels]`, row-major. */
const scores = z.array(z.number());

const armResult = z.object({
  arm: z.string(),
  seed: z.number().int(),
  /** Name of the engine that trained. */
  engine: z.string(),
  steps: z.number().int(),
  seconds: z.number(),
  loss: z.number().nullable(),
  spread: z.number().nullable(),
  /** Positives beside the own ones for each image of a batch, mean. */
  positives: z.number(),
  mined: z
    .object({
      measure: z.enum(measureNames),
      tracks: z.number(),
      belowGate: z.number(),
      images: z.number(),
      compared: z.number(),
      pairs: z.number(),
      thresholds: z.record(z.string(), z.number().nullable()),
      falsePositiveRate: z.number(),
      fixations: z.number(),
      /** Shares of equal labels among pairs that are alike, and among all pairs; looked up afterwards. */
      sameLabel: z.number().nullable(),
      sameLabelBase: z.number(),
    })
    .nullable(),
  scores: z.object({ 'linear-probe': scores, 'k-nn': scores }),
});

/** What became of one arm with one seed. */
export type ArmResult = Readonly<z.infer<typeof armResult>>;

/** The folder of a twin run; every finished arm is kept there, so that a run can go on. */
export class ArmResults {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens a folder for a run of this fingerprint. Throws StationError invalid-input where it holds another run.
   */
  static async open(folder: string, fingerprint: string): Promise<ArmResults> {
    await mkdir(path.join(folder, 'arms'), { recursive: true });
    const file = path.join(folder, 'fingerprint.txt');
    const known = existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined;
    if (known !== undefined && known !== fingerprint)
      throw new StationError('invalid-input', {
        field: folder,
        problem: 'it holds a twin run with other files or options; choose another --out',
      });
    if (known === undefined) await writeWhole(file, `${fingerprint}\n`);
    return new ArmResults(folder);
  }

  #fileOf(arm: string, seed: number): string {
    return path.join(this.folder, 'arms', `${arm}-seed${seed}.json`);
  }

  /** The result of an arm, or undefined where it has none yet. Throws where it is damaged. */
  async read(arm: string, seed: number): Promise<ArmResult | undefined> {
    const file = this.#fileOf(arm, seed);
    if (!existsSync(file)) return undefined;
    return armResult.parse(JSON.parse(await readFile(file, 'utf8')));
  }

  async write(result: ArmResult): Promise<void> {
    await writeWhole(this.#fileOf(result.arm, result.seed), `${JSON.stringify(result)}\n`);
  }
}

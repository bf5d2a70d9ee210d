import { StationError } from '../../shared/station-error.ts';
import type { SplitPart } from '../../shared/training/evaluation-result.ts';
import type { EngineDescription, TrainEngine } from '../backend.ts';
import type { ImageCache } from '../data/image-cache.ts';
import { buildEngine } from '../engine/build-engine.ts';
import type { EngineRecord } from '../engine/check-outcome.ts';
import { chooseRunEngine } from '../engine/open-engine.ts';
import { describeStep } from '../models/describe-model.ts';
import type { RunContext } from '../run-context.ts';
import { type LabelledParts, numberPatients } from './evaluate-encoders.ts';
import { fineTune, type TunedImage } from './fine-tune.ts';
import type { Judged } from './judge-features.ts';
import type { SavedEncoder } from './saved-encoder.ts';
import { SealedTest } from './sealed-test.ts';

/** An encoder to fine-tune, with the labelled images' pictures at its height and width. */
export type Tunable = { readonly saved: SavedEncoder; readonly cache: ImageCache };

/** Images that an encoder learns from in its fine-tuning, each as often as it is learnt from. */
export const tunedImages = ({ configuration }: RunContext, trainImages: number): number =>
  configuration.fineTuneEpochs * trainImages;

/**
 * Fine-tunes one saved encoder with the run's engine; the same seed for every encoder. Undefined where it failed: then
 * the reason is on standard error and the other methods stand. Throws StationError cancelled.
 */
export async function tuneEncoder(
  context: RunContext,
  { saved, cache }: Tunable,
  { classes, part }: LabelledParts,
  options: { readonly engine: EngineRecord | undefined; readonly onStep: (done: number) => void },
): Promise<Judged | undefined> {
  const { configuration, control, threads } = context;
  const byId = new Map(cache.images.map((image) => [image.imageId, image]));
  const gather = (wanted: SplitPart): readonly TunedImage[] => {
    const patients = numberPatients(part(wanted));
    return part(wanted).map(({ imageId, label, patientKey }) => {
      const image = byId.get(imageId);
      if (image === undefined) throw new Error(`Image ${imageId} was not prepared.`);
      return { image, label: classes.indexOf(label), patient: patients.get(patientKey) ?? 0 };
    });
  };
  const build = async (description: EngineDescription): Promise<TrainEngine> => {
    const { encoder, imageHeight: imageSide, imageWidth } = saved;
    // An engine is checked on encoder and size, not on heads: the check of the run that made the encoder stands.
    const step = describeStep({ ...configuration, encoder, imageSide, imageWidth });
    const { name } = await chooseRunEngine(context, step, options.engine);
    return buildEngine(name, description);
  };
  try {
    return await fineTune(
      saved,
      {
        cache,
        train: gather('train'),
        validation: gather('validation'),
        test: new SealedTest(gather('test')),
      },
      {
        classCount: classes.length,
        epochs: configuration.fineTuneEpochs,
        seed: configuration.seed,
        threads,
        build,
        beforeStep: (done) => {
          options.onStep(done);
          return control.checkpoint();
        },
      },
    );
  } catch (error) {
    if (error instanceof StationError && error.code === 'cancelled') throw error;
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`The encoder was not fine-tuned: ${words}\n`);
    return undefined;
  }
}

import type { LabelledImage } from '../../shared/database/labels.ts';
import type { SplitPart } from '../../shared/training/evaluation-result.ts';
import type { ImageCache } from '../data/batches.ts';
import type { RunContext } from '../run-context.ts';
import { loadPlanes } from './embed-images.ts';
import { type LabelledParts, numberPatients } from './evaluate-encoders.ts';
import { fineTune, type TunedImage } from './fine-tune.ts';
import type { Judged } from './judge-features.ts';
import type { SavedEncoder } from './saved-encoder.ts';

/** Fine-tunes one saved encoder; the same seed for every encoder. */
export function tuneEncoder(
  context: RunContext,
  cache: ImageCache,
  images: readonly LabelledImage[],
  saved: SavedEncoder | undefined,
  { classes, part }: LabelledParts,
): Promise<Judged> {
  if (saved === undefined) throw new Error('There is no such encoder to fine-tune.');
  const { configuration, control, threads } = context;
  const byId = new Map(images.map((image) => [image.imageId, image]));
  const load = async (wanted: SplitPart): Promise<readonly TunedImage[]> => {
    const patients = numberPatients(part(wanted));
    const found: TunedImage[] = [];
    for (const { imageId, label, patientKey } of part(wanted)) {
      const image = byId.get(imageId);
      const options = { context, cache, cachedSide: configuration.imageSide };
      const planes = image && (await loadPlanes(image, saved.imageSide, options));
      if (planes === undefined) throw new Error(`Image ${imageId} cannot be read any more.`);
      found.push({
        planes,
        label: classes.indexOf(label),
        patient: patients.get(patientKey) ?? 0,
      });
    }
    return found;
  };
  const sealed = { opened: false };
  const test = (): Promise<readonly TunedImage[]> => {
    if (sealed.opened) throw new Error('The test part is opened once, at the end.');
    sealed.opened = true;
    return load('test');
  };
  return Promise.all([load('train'), load('validation')]).then(([train, validation]) =>
    fineTune(
      saved,
      { train, validation, test },
      {
        classCount: classes.length,
        epochs: configuration.fineTuneEpochs,
        seed: configuration.seed,
        threads,
        pause: () => control.checkpoint(),
      },
    ),
  );
}

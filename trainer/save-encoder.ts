import { createHash } from 'node:crypto';
import path from 'node:path';
import { wordPreprocessing } from '../shared/training/preprocessing.ts';
import type { TrainEngine } from './backend.ts';
import { isVit } from './models/encoder.ts';
import { vits } from './models/vit.ts';
import type { RunContext } from './run-context.ts';
import { encodeSafetensors, type NamedTensor } from './safetensors.ts';
import { writeWhole } from './write-file.ts';

/** Name of the encoder in a run's folder. */
export const encoderName = 'encoder.safetensors';

const isHead = (name: string): boolean => /^(?:projector|predictor)\./u.test(name);

/**
 * Saves the encoder without its heads, with batch norm's running statistics, by torchvision's names and
 * shapes. The file says that it is for research only, whether simulated gaze took part, and by which recipe and how
 * pictures were prepared.
 */
export async function saveEncoder(
  context: Pick<RunContext, 'configuration' | 'runFolder' | 'runId'>,
  engine: Pick<TrainEngine, 'parameters' | 'weights' | 'statistics'>,
  simulated: boolean,
): Promise<{ readonly file: string; readonly sha256: string; readonly parameters: number }> {
  const { configuration, runFolder, runId } = context;
  const { recipe, imageSide, imageWidth } = configuration;
  const tensors: NamedTensor[] = [];
  for (const { name, shape } of engine.parameters) {
    const values = engine.weights.get(name);
    if (values !== undefined && !isHead(name)) tensors.push({ name, shape, values });
  }
  const parameters = tensors.reduce((sum, { values }) => sum + values.length, 0);
  for (const [name, values] of engine.statistics)
    if (!isHead(name)) tensors.push({ name, shape: [values.length], values });
  const bytes = encodeSafetensors(tensors, {
    notice: 'Research use only. Not for diagnosis.',
    generator: 'Fovea',
    run: String(runId),
    encoder: configuration.encoder,
    method: configuration.method,
    gazePositives: configuration.useGaze ? configuration.positivesFrom : 'none',
    simulatedGaze: simulated ? 'yes' : 'no',
    imageSide: String(imageSide),
    imageWidth: String(imageWidth ?? imageSide),
    recipe,
    preprocessing: wordPreprocessing(recipe, imageSide, imageWidth ?? imageSide),
    ...(isVit(configuration.encoder) && { heads: String(vits[configuration.encoder].heads) }),
  });
  await writeWhole(path.join(runFolder, encoderName), bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { file: encoderName, sha256, parameters };
}

import { followPreset, listDepartures } from '../../shared/training/follow-preset.ts';
import type { Preset } from '../../shared/training/preset.ts';
import { findPreset } from '../../shared/training/presets.ts';
import {
  demonstrationConfiguration,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { compareConfigurations } from './compare-configurations.ts';
import type { FormOrigin } from './preset-field.tsx';

const words = messages.runForm;

/** A registered model that a run shall begin from, with the configuration of the run that made it. */
export type ModelStart = {
  readonly version: number;
  readonly sha256: string;
  readonly configuration: RunConfiguration;
};

/** Every field as the origin gives it. */
export function fillForm(origin: FormOrigin, model: ModelStart | undefined): RunConfiguration {
  if (origin === 'model' && model !== undefined) {
    const { version, sha256, configuration } = model;
    return { ...configuration, initialWeights: { from: 'model', version, sha256 } };
  }
  const preset = typeof origin === 'string' ? undefined : findPreset(origin.preset);
  return preset === undefined
    ? demonstrationConfiguration
    : followPreset(preset, demonstrationConfiguration);
}

/** The preset that a filled form follows, if any. */
export const presetOf = ({ presetName }: RunConfiguration): Preset | undefined =>
  presetName === null ? undefined : findPreset(presetName);

/** Whether the heads of the filled form's preset suit what was chosen since: they hang on method and encoder. */
export const keepsHeads = (filled: RunConfiguration, chosen: RunConfiguration): boolean =>
  filled.encoder === chosen.encoder && filled.method === chosen.method;

/** Options that no longer are as the origin has filled them, in words. */
export function wordChanges(filled: RunConfiguration, chosen: RunConfiguration): readonly string[] {
  const named: Readonly<Record<string, string>> = {
    ...messages.training.fields,
    useGaze: words.gaze,
    recipe: words.recipe,
    kind: words.optimizer,
    ownKeys: words.ownKeys,
    from: words.weights,
    falsePositiveRate: messages.training.fields.chance,
  };
  const options = compareConfigurations([filled, chosen])
    .map(({ option }) => option)
    .filter(
      (option) => !/^(?:presetName|measureByModality|initialWeights\.(?!from))/u.test(option),
    );
  return [...new Set(options.map((option) => named[option.split('.').at(-1) ?? ''] ?? option))];
}

/** What a run of the preset does otherwise than the published one, and what the authors' own code does otherwise. */
export function wordDepartures(preset: Preset): readonly string[] {
  const { height, width } = { height: preset.imageHeight, width: preset.imageWidth };
  const own = followPreset(preset, demonstrationConfiguration);
  return [
    ...listDepartures(preset)
      // Said where weights are chosen.
      .filter((each) => each !== 'imagenet-weights')
      .map((each) =>
        fill(words.departures[each], {
          published: `${height} × ${width}`,
          own: `${own.imageSide} × ${own.imageWidth ?? own.imageSide}`,
        }),
      ),
    ...preset.departures,
  ];
}

import type { StationError } from '../../shared/station-error.ts';
import type { RunConfiguration } from '../../shared/training/run-configuration.ts';
import { useRequest } from './use-request.ts';

/** Whether the chosen weights fit the encoder; `none`: the run begins at random. */
export type WeightsCheck =
  | { readonly state: 'none' | 'checking' }
  | { readonly state: 'fits'; readonly adapted: readonly string[] }
  | { readonly state: 'refused'; readonly error: StationError };

/** Has the station look at the weights whenever they, the encoder or the size change; `usable`: the sizes are. */
export function useWeightsCheck(
  { initialWeights, encoder, imageSide, imageWidth }: RunConfiguration,
  usable: boolean,
): WeightsCheck {
  const isRandom = initialWeights.from === 'random';
  const { value, error } = useRequest(
    'weights.check',
    isRandom || !usable ? null : { initialWeights, encoder, imageSide, imageWidth },
  );
  if (isRandom) return { state: 'none' };
  if (error !== undefined) return { state: 'refused', error };
  return value === undefined ? { state: 'checking' } : { state: 'fits', adapted: value.adapted };
}

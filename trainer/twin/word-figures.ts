import type { Figure } from '../../shared/training/evaluation-result.ts';

/** Fewest seeds of which an interval is stated: of one or two nothing can be said of the spread of seeds. */
export const fewestSeeds = 3;

/** A warning where a run has too few seeds for an interval. */
export const wordFewSeeds = (seeds: number): string | undefined =>
  seeds >= fewestSeeds
    ? undefined
    : `Only ${seeds === 1 ? 'one seed' : `${seeds} seeds`}: no interval is given and no difference can be told from chance. Use --seeds ${fewestSeeds} or more for a result; fewer serve to try files and options.`;

/** A figure with three digits. */
export const three = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : '-');

const signed = (value: number): string => (value >= 0 ? `+${three(value)}` : three(value));

/** Whether a figure has an interval; without one its ends are no numbers. */
export const hasInterval = ({ low, high }: Figure): boolean => !Number.isNaN(low + high);

const word = (figure: Figure, each: (value: number) => string): string => {
  const { value, low, high } = figure;
  return hasInterval(figure)
    ? `${each(value)} [${each(low)}, ${each(high)}]`
    : `${each(value)} (no interval)`;
};

/** A figure with its interval. */
export const range = (figure: Figure): string => word(figure, three);

/** A difference with its interval. */
export const change = (figure: Figure): string => word(figure, signed);

/** Differences one by one. */
export const changes = (values: readonly number[]): string => values.map(signed).join(' ');

/** A share in hundredths. */
export const percent = (share: number | null): string =>
  share === null ? '-' : `${(100 * share).toFixed(1)} %`;

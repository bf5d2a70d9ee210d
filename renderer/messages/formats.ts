const two = (value: number): string => String(value).padStart(2, '0');

/** Local date and time to the minute, `2026-11-05 14:03`: the order of ISO 8601, as DICOM dates are shown. */
export function formatTime(ms: number): string {
  const at = new Date(ms);
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Bytes in the unit that keeps the number below 1024 (binary units). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** A length of time as `m:ss`, or `h:mm:ss` from an hour on; rounded to whole seconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  return h > 0 ? `${h}:${two(m)}:${two(seconds % 60)}` : `${m}:${two(seconds % 60)}`;
}

/** A number's digits with a minus sign, as wide as a plus, where they begin with a hyphen. */
export const withMinus = (digits: string): string => digits.replace(/^-/u, '\u2212');

/** A number in `digits` significant digits, without an exponent where a person can read it. */
export function formatFigure(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return withMinus(value.toExponential(digits - 1));
  return withMinus(String(Number(value.toPrecision(digits))));
}

/** A share as a whole percentage, rounded down: 100 only for all of it. */
export const formatPercentile = (share: number): string => String(Math.floor(100 * share + 1e-9));

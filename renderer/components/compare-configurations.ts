import type { RunConfiguration } from '../../shared/training/run-configuration.ts';

/** One option with its value in each of the compared runs, as text. */
export type OptionDifference = { readonly option: string; readonly values: readonly string[] };

/** Every value of a configuration under its path, `thresholds.tima`; lists and single values as JSON says them. */
function flatten(value: unknown, path: string, into: Map<string, string>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [name, part] of Object.entries(value))
      flatten(part, path === '' ? name : `${path}.${name}`, into);
    return;
  }
  into.set(path, typeof value === 'string' ? value : JSON.stringify(value));
}

/** Options whose values are not the same in all configurations, in the order in which they are stored; '-': absent. */
export function compareConfigurations(
  configurations: readonly RunConfiguration[],
): readonly OptionDifference[] {
  const flat = configurations.map((configuration) => {
    const values = new Map<string, string>();
    flatten(configuration, '', values);
    return values;
  });
  const options = new Set(flat.flatMap((values) => [...values.keys()]));
  return [...options]
    .map((option) => ({ option, values: flat.map((values) => values.get(option) ?? '-') }))
    .filter(({ values }) => new Set(values).size > 1);
}

import type { Layer } from '../../trainer/reference/layers.ts';

/** Weights and running statistics by name, as vectors or rows. */
export type StateEntries = Readonly<
  Record<string, readonly number[] | readonly (readonly number[])[]>
>;

/** The entries as arrays. */
export const arraysFrom = (entries: StateEntries): Map<string, Float64Array> =>
  new Map(
    Object.entries(entries).map(([name, values]) => [name, Float64Array.from(values.flat())]),
  );

/**
 * The layers whose arrays begin with the prefix, in the order of the file. Rows are a linear layer, running
 * statistics a batch norm; within a block (the name but its last part) a ReLU stands before every linear
 * layer but the first.
 */
export function layersFrom(entries: StateEntries, prefix: string): Layer[] {
  const layers: Layer[] = [];
  const seen = new Set<string>();
  const begun = new Set<string>();
  for (const name of Object.keys(entries)) {
    const layer = name.slice(0, Math.max(0, name.lastIndexOf('.')));
    if (!name.startsWith(prefix) || seen.has(layer)) continue;
    seen.add(layer);
    if (`${layer}.running_mean` in entries) {
      layers.push({ kind: 'batch-norm', name: layer });
      continue;
    }
    const block = layer.slice(0, Math.max(0, layer.lastIndexOf('.')));
    if (begun.has(block)) layers.push({ kind: 'relu' });
    begun.add(block);
    layers.push({ kind: 'linear', name: layer });
  }
  return layers;
}

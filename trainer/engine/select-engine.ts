import { type EngineName, processorEngines } from '../../shared/training/engine-names.ts';
import type { CheckOutcome, EngineRecord } from './check-outcome.ts';

/** A graphics card must be this many times as fast as the processor: it is one more thing that can fail. */
const worthIt = 1.1;
/** The blocked layout is taken unless it is far slower: were noise to decide, the same run would give other weights. */
const notSlower = 0.5;

type Passed = Extract<CheckOutcome, { readonly kind: 'passed' }>['check'];

/** Times as fast as the engine it was compared with, in the same process. */
const speed = ({ stepMs, referenceMs }: Passed): number => referenceMs / stepMs;

/** Whether the blocked layout passed and is not clearly slower than the plain graph, with which its check compared it. */
export const isBlockedFit = (outcome: CheckOutcome | undefined): boolean =>
  outcome?.kind === 'passed' && speed(outcome.check) >= notSlower;

const inWords = (check: Passed): string =>
  `${speed(check).toFixed(2)} times the plain graph's speed`;

/**
 * The engine of a run from the outcome of every check, in the order of the table: the fastest graphics card that
 * passed and is worth it, else the first on the processor that passed. Undefined where none passed.
 */
export function selectEngine(
  outcomes: ReadonlyMap<EngineName, CheckOutcome>,
): EngineRecord | undefined {
  const passed = [...outcomes].flatMap(([name, outcome]) =>
    outcome.kind === 'passed' ? [{ name, check: outcome.check }] : [],
  );
  const processor = processorEngines
    .flatMap((name) => passed.filter((each) => each.name === name))
    .find(({ name }) => name !== 'onnx-blocked' || isBlockedFit(outcomes.get(name)));
  const threshold = processor === undefined ? 0 : speed(processor.check) * worthIt;
  const card = passed
    .filter(({ name, check }) => !processorEngines.includes(name) && speed(check) > threshold)
    .toSorted((a, b) => speed(b.check) - speed(a.check))[0];
  const chosen = card ?? processor;
  if (chosen === undefined) return undefined;
  const refused = [...outcomes].flatMap(([name, outcome]) => {
    if (name === chosen.name) return [];
    if (outcome.kind === 'refused') return [{ engine: name, reason: outcome.reason }];
    return [{ engine: name, reason: `passed its check, but not first: ${inWords(outcome.check)}` }];
  });
  const { name, check } = chosen;
  const where = processorEngines.includes(name) ? 'the first on the processor' : 'a graphics card';
  const reason = `${where} that passed its check: gradients right to ${Math.max(
    check.golden.gradients,
    check.ownSide?.gradients ?? 0,
  ).toExponential(1)}, ${inWords(check)}`;
  return { name, engine: check.engine, reason, check, refused };
}

// Observed against stated false-positive rate on shuffled gaze, for every measure, 200 seeds:
// node test/benchmarks/false-positive-rate.ts
import { measureNames } from '../../shared/training/run-configuration.ts';
import { binomialBound, countFalsePositives } from '../fixtures/chance-check.ts';

const rate = 0.05;
for (const measure of measureNames) {
  const { above, pairs } = await countFalsePositives(measure, rate, 200, {
    cases: 12,
    surrogates: 20,
  });
  const bound = Math.floor(binomialBound(pairs, rate));
  console.log(
    JSON.stringify({
      measure,
      stated: rate,
      observed: Math.round((above / pairs) * 1e4) / 1e4,
      above,
      pairs,
      bound,
      ok: above <= bound,
    }),
  );
  if (above > bound) process.exitCode = 1;
}

// Recomputes a folder of reference values: npm run golden -- DIR (default ../shared/golden).
// One line of JSON for each measure; exit code 1 beyond a tolerance or where a file is missing.
import path from 'node:path';
import { checkEdgeCases } from './golden/edge-checks.ts';
import { GoldenFolder, type GoldenResult } from './golden/golden-folder.ts';
import {
  checkLabels,
  checkLatentLoss,
  checkMocoLoss,
  checkSimclrLoss,
} from './golden/loss-checks.ts';
import { checkHash, checkMoments, checkTima } from './golden/map-checks.ts';
import {
  checkLong,
  checkMultimatchAuthors,
  checkMultimatchFix,
  checkToolbox,
} from './golden/multimatch-checks.ts';
import { checkRollouts } from './golden/rollout-checks.ts';

/** Each check and the file whose values it recomputes. */
const checks: readonly (readonly [
  file: string,
  check: (golden: GoldenFolder) => GoldenResult | GoldenResult[],
])[] = [
  ['multimatch_authors.json', checkMultimatchAuthors],
  ['multimatch_fix.json', checkMultimatchFix],
  ['matlab_reference.json', checkToolbox],
  ['multimatch_long.json', checkLong],
  ['heatmap_moment.json', checkMoments],
  ['dhash.json', checkHash],
  ['tima_core.json', (golden) => checkTima(golden, 'core')],
  ['tima_downstream.json', (golden) => checkTima(golden, 'downstream')],
  ['edge_cases.json', checkEdgeCases],
  ['losses.json', checkMocoLoss],
  ['losses.json', checkLatentLoss],
  ['losses.json', checkSimclrLoss],
  ['losses.json', checkLabels],
  ['rollouts.json', checkRollouts],
];

const given = process.argv[2];
const folder =
  given === undefined
    ? path.resolve(import.meta.dirname, '../../shared/golden')
    : path.resolve(given);
const golden = new GoldenFolder(folder);
for (const [file, check] of checks) {
  try {
    for (const result of [check(golden)].flat()) {
      console.log(JSON.stringify(result));
      if (!result.ok) process.exitCode = 1;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // A value that is missing or of another kind shows where it is used first.
    console.error(
      error instanceof TypeError ? `${file} is not of the known form (${reason}).` : reason,
    );
    process.exitCode = 1;
  }
}

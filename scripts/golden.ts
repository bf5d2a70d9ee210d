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

const checks: readonly ((golden: GoldenFolder) => GoldenResult | GoldenResult[])[] = [
  checkMultimatchAuthors,
  checkMultimatchFix,
  checkToolbox,
  checkLong,
  checkMoments,
  checkHash,
  (golden) => checkTima(golden, 'core'),
  (golden) => checkTima(golden, 'downstream'),
  checkEdgeCases,
  checkMocoLoss,
  checkLatentLoss,
  checkSimclrLoss,
  checkLabels,
  checkRollouts,
];

const given = process.argv[2];
const folder =
  given === undefined
    ? path.resolve(import.meta.dirname, '../../shared/golden')
    : path.resolve(given);
const golden = new GoldenFolder(folder);
for (const check of checks) {
  try {
    for (const result of [check(golden)].flat()) {
      console.log(JSON.stringify(result));
      if (!result.ok) process.exitCode = 1;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}

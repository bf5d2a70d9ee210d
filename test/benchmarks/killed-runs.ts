// SIGKILL at random moments of a run, each taken up again: node test/benchmarks/killed-runs.ts [KILLS] [SEED]
// One line of JSON a kill, then a summary; exit code 1 where any run ended with other weights.
import { killRuns } from '../fixtures/killed-runs.ts';

const [, , kills = '20', seed = '4'] = process.argv;
const killed = await killRuns(Number(kills), Number(seed));
for (const each of killed) console.log(JSON.stringify(each));
const count = (name: 'struck' | 'sameWeights'): number =>
  killed.filter((each) => each[name]).length;
console.log(
  JSON.stringify({
    kills: killed.length,
    seed: Number(seed),
    struckBeforeTheEnd: count('struck'),
    sameWeights: count('sameWeights'),
    stages: [...new Set(killed.map(({ stage }) => stage ?? 'before the first'))],
  }),
);
process.exitCode = count('sameWeights') === killed.length ? 0 : 1;

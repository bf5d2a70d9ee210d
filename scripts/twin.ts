// The same images pre-trained with and without gaze, from plain files and without a station:
// npm run twin -- --images DIR --labels FILE --gaze FILE ... (docs/twin-run.md).
import { readTwinCommand, twinUsage } from './twin/twin-options.ts';
import { Interruption, printReport, runOnTerminal, runScript } from './twin/terminal-run.ts';

if (process.argv.length <= 2 || process.argv.includes('--help')) console.log(twinUsage);
else
  await runScript(async () => {
    const { plan, outFolder, threads } = readTwinCommand(process.argv.slice(2));
    printReport(await runOnTerminal(plan, outFolder, threads, new Interruption()), outFolder);
  });

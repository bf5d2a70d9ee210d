// From the start of a run to its first step: node test/benchmarks/first-step.ts [SIDE] [ENCODER]
// The first run of a data folder tries every engine; later ones of the same model find the checks kept.
import { loadavg } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { encoderNames } from '../../shared/training/run-configuration.ts';
import {
  openSmallStation,
  smallConfiguration,
  storeAlikeReadings,
} from '../fixtures/small-station.ts';

const [, , side = '64', encoderName = 'resnet-10'] = process.argv;
const encoder = encoderNames.find((name) => name === encoderName);
if (encoder === undefined) throw new Error(`There is no encoder ${encoderName}.`);
const station = await openSmallStation();
try {
  storeAlikeReadings(station);
  const { handlers } = station.training;
  for (const which of ['first run', 'second run']) {
    const startedMs = performance.now();
    const { runId } = await handlers['run.start']({
      ...smallConfiguration,
      encoder,
      engine: 'automatic',
      imageSide: Number(side),
      epochs: 1,
    });
    while (!station.events.some(({ row, point }) => row.runId === runId && point !== null))
      await setTimeout(5);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    const { engine } = await handlers['run.detail']({ runId });
    console.log(
      JSON.stringify({ which, seconds, side, encoder, engine, load: loadavg()[0]?.toFixed(1) }),
    );
    await station.training.idle();
  }
} finally {
  await station.close();
}

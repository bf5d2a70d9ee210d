import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { RunDetail } from '../../../../shared/ipc/answers.ts';
import { createRandom } from '../../../../shared/random.ts';
import type { RunConfiguration } from '../../../../shared/training/run-configuration.ts';
import {
  openSmallStation,
  type SmallStation,
  smallConfiguration,
  storeAlikeReadings,
} from '../../../fixtures/small-station.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';

const configuration = {
  ...smallConfiguration,
  mineOnly: true,
  falsePositiveRate: 0.2,
  measures: ['heatmap-cosine', 'heatmap-correlation'],
} satisfies RunConfiguration;

/** Everything that mining stored for a run, without the run's own number. */
function storedBy({ database }: SmallStation, runId: number): unknown {
  const rows = (table: string, columns: string): unknown[] =>
    database
      .prepare(`SELECT ${columns} FROM ${table} WHERE run_id = ? ORDER BY measure, 2, 3`)
      .all(runId);
  return {
    pairs: rows(
      'pair',
      'measure, image_a, image_b, relation, shape, p_value, q_value, reading_a, reading_b',
    ),
    mined: rows('mined', 'measure, images, compared, found, threshold, groups, agreement'),
  };
}

test('a trainer killed at any moment of mining, then resumed, stores what an unbroken run stores', async (t) => {
  const station = await openSmallStation({ images: 12 });
  t.after(() => station.close());
  storeAlikeReadings(station);
  const { handlers } = station.training;
  const detailOf = (runId: number): RunDetail => handlers['run.detail']({ runId }) as RunDetail;
  const unbroken = await handlers['run.start'](configuration);
  const startedMs = performance.now();
  await station.training.idle();
  const wholeMs = performance.now() - startedMs;
  assert.equal(detailOf(unbroken.runId).state, 'done');
  const expected = storedBy(station, unbroken.runId);
  const random = createRandom(4);
  const states = new Set<string>();
  for (let n = 0; n < 3; n += 1) {
    // As new as the first run found it.
    station.database.exec('DELETE FROM signature; DELETE FROM described_reading');
    const { runId } = await handlers['run.start'](configuration);
    // The first as soon as it has begun, the others wherever they are.
    await waitFor(
      () => station.events.some(({ row }) => row.runId === runId && row.stage !== null),
      'a stage',
    );
    if (n > 0) await setTimeout(wholeMs * 0.5 * random.next());
    station.processes.at(-1)?.kill();
    await station.training.idle();
    const { state } = detailOf(runId);
    states.add(state);
    if (state !== 'done') {
      await handlers['run.resume']({ runId });
      await station.training.idle();
    }
    assert.equal(detailOf(runId).state, 'done');
    assert.deepEqual(storedBy(station, runId), expected);
  }
  assert.ok(states.has('failed'), 'at least one was killed before its end');
});

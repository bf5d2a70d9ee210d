import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunDetail } from '../../../../shared/ipc/answers.ts';
import {
  openSmallStation,
  smallConfiguration,
  storeAlikeReadings,
} from '../../../fixtures/small-station.ts';
import { waitFor } from '../../../fixtures/wait-for.ts';

test('a run makes no step while the reader’s inputs follow each other, and goes on by itself', async (t) => {
  const station = await openSmallStation();
  t.after(() => station.close());
  storeAlikeReadings(station);
  const { handlers } = station.training;
  const { runId } = await handlers['run.start']({
    ...smallConfiguration,
    engine: 'onnx-plain',
    epochs: 500,
  });
  const detail = (): RunDetail => handlers['run.detail']({ runId }) as RunDetail;
  const stepsDone = (): number => detail().points.at(-1)?.step ?? 0;
  await waitFor(() => stepsDone() > 0, 'a step');
  const input = setInterval(() => void handlers['reading.input']({}), 100);
  // A step that had begun is told of, and nothing more.
  let before = -1;
  while (before !== stepsDone()) {
    before = stepsDone();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  assert.equal(detail().state, 'running');
  clearInterval(input);
  await waitFor(() => stepsDone() > before, 'another step');
  await handlers['run.cancel']({ runId });
  await station.training.idle();
});

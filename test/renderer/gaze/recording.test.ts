import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Input } from '../../../shared/ipc/contract.ts';
import type { GazeSample } from '../../../shared/gaze/samples.ts';
import type {
  GazeSource,
  RecordingClock,
  SourceStatus,
} from '../../../renderer/gaze/gaze-source.ts';
import { type PaneState, Recording } from '../../../renderer/gaze/recording.ts';

/** A source driven by the test. */
class ScriptedSource implements GazeSource {
  readonly id = 'pointer';
  readonly device = 'scripted';
  readonly nominalHz = null;
  readonly gazeErrorDip = null;
  onSample: (sample: GazeSample) => void = () => undefined;
  onStatus: (status: SourceStatus) => void = () => undefined;
  clock: RecordingClock | undefined;
  running = false;

  start(clock: RecordingClock): Promise<void> {
    this.clock = clock;
    this.running = true;
    this.onStatus({ kind: 'running' });
    return Promise.resolve();
  }

  stop(): void {
    this.running = false;
  }

  give(count: number): void {
    for (let i = 0; i < count; i += 1)
      this.onSample({
        tUs: this.clock?.nowUs() ?? 0,
        xDip: i,
        yDip: i,
        valid: true,
        confidence: null,
      });
  }
}

const pane: PaneState = {
  pane: 0,
  imageId: 1,
  frame: 0,
  xCss: 0,
  yCss: 0,
  widthCss: 100,
  heightCss: 100,
  m00: 1,
  m01: 0,
  m02: 0,
  m10: 0,
  m11: 1,
  m12: 0,
  windowCenter: null,
  windowWidth: null,
  invert: false,
  visible: true,
};

const geometry = { contentXDip: 10, contentYDip: 20, zoomFactor: 1, devicePixelRatio: 1 };

function open(send: (batch: Input<'reading.gaze'>) => Promise<unknown>): {
  source: ScriptedSource;
  recording: Recording;
} {
  const source = new ScriptedSource();
  let nowMs = 0;
  const recording = new Recording({
    readingId: 7,
    source,
    send,
    nowMs: () => (nowMs += 1),
    readGeometry: () => geometry,
  });
  return { source, recording };
}

test('every sample and state reaches main once, in order, with the window’s place', async () => {
  const batches: Input<'reading.gaze'>[] = [];
  const { source, recording } = open((batch) => Promise.resolve(batches.push(batch)));
  await recording.start();
  recording.pushState(pane);
  source.give(12_000);
  await recording.stop();
  const samples = batches.flatMap((batch) => batch.samples);
  assert.equal(samples.length, 12_000);
  assert.ok(batches.every((batch) => batch.samples.length <= 5000 && batch.readingId === 7));
  assert.ok(samples.every((sample, i) => i === 0 || sample.tUs >= (samples[i - 1]?.tUs ?? 0)));
  const states = batches.flatMap((batch) => batch.states);
  assert.deepEqual(
    states.map((state) => [state.imageId, state.contentXDip, state.contentYDip]),
    [[1, 10, 20]],
  );
  assert.deepEqual(
    batches.flatMap((batch) => batch.events.map((event) => event.kind)),
    ['started', 'stopped'],
  );
});

test('a batch that main could not store is sent again and nothing is lost', async () => {
  const stored: GazeSample[] = [];
  let refusals = 3;
  const { source, recording } = open((batch) => {
    refusals -= 1;
    if (refusals >= 0) return Promise.reject(new Error('disk full'));
    stored.push(...(batch.samples as GazeSample[]));
    return Promise.resolve();
  });
  await recording.start();
  source.give(100);
  await recording.stop();
  assert.deepEqual(
    stored.map((sample) => sample.xDip),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('a pause stops the source, keeps nothing, and the panes are told again on resume', async () => {
  const batches: Input<'reading.gaze'>[] = [];
  const { source, recording } = open((batch) => Promise.resolve(batches.push(batch)));
  await recording.start();
  recording.pushState(pane);
  source.give(5);
  recording.toggle('key');
  assert.equal(recording.getStatus().kind, 'paused');
  assert.equal(source.running, false);
  source.give(50);
  recording.pushState({ ...pane, imageId: 2 });
  recording.toggle('key');
  await Promise.resolve();
  assert.equal(recording.getStatus().kind, 'recording');
  source.give(5);
  await recording.stop();
  assert.equal(batches.flatMap((batch) => batch.samples).length, 10);
  assert.deepEqual(
    batches.flatMap((batch) => batch.states.map((state) => state.imageId)),
    [1, 2],
  );
  assert.deepEqual(
    batches.flatMap((batch) => batch.events.map((event) => event.kind)),
    ['started', 'paused', 'resumed', 'stopped'],
  );
});

test('a camera that goes and comes back is shown, stored as events, and recording goes on', async () => {
  const batches: Input<'reading.gaze'>[] = [];
  const { source, recording } = open((batch) => Promise.resolve(batches.push(batch)));
  await recording.start();
  source.onStatus({ kind: 'lost', trouble: 'camera-unplugged' });
  assert.deepEqual(recording.getStatus(), { kind: 'off', why: 'camera-unplugged' });
  source.onStatus({ kind: 'running' });
  assert.equal(recording.getStatus().kind, 'recording');
  await recording.stop();
  assert.deepEqual(
    batches.flatMap((batch) => batch.events.map((event) => [event.kind, event.reason])),
    [
      ['started', 'pointer'],
      ['source-lost', 'camera-unplugged'],
      ['source-back', 'pointer'],
      ['stopped', 'end of reading'],
    ],
  );
});

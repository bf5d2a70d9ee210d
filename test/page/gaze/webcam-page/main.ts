import type { GazeSample } from '../../../../shared/gaze/samples.ts';
import type { SourceStatus } from '../../../../renderer/gaze/gaze-source.ts';
import { webcam } from '../../../../renderer/gaze/webcam.ts';
import { WebgazerSource } from '../../../../renderer/gaze/webgazer-source.ts';

const samples: GazeSample[] = [];
const statuses: SourceStatus[] = [];
const source = new WebgazerSource();
source.onSample = (sample) => samples.push(sample);
source.onStatus = (status) => statuses.push(status);
const startMs = performance.now();
const clock = { nowUs: () => Math.round((performance.now() - startMs) * 1000) };

/** What the test drives; not part of the product. */
const driver = {
  source,
  samples,
  statuses,
  clock,
  start: () => source.start(clock),
  learn: () => {
    for (let i = 0; i < 12; i += 1) webcam.learn(100 + i * 40, 100 + (i % 3) * 150);
  },
  keepError: (errorDip: number) => webcam.keepError(errorDip),
  forget: () => webcam.forget(),
  video: () => document.querySelector('video'),
};
export type Driver = typeof driver;
Object.assign(window, { driver });

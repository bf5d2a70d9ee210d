import type { ScheduleState } from '../../../shared/ipc/answers.ts';
import type { ParsedInput, RequestName, StationBridge } from '../../../shared/ipc/contract.ts';
import type { PartCounts } from '../../../shared/training/evaluation-result.ts';

/** Adds the queue, the schedule and the frozen split to the station in the page. As installFakeCases, sent to the browser as its text. */
export function installFakeSchedule(): void {
  let state: ScheduleState = { schedule: null, next: null };
  const labelledPart = (benign: number, malignant: number): PartCounts => ({
    patients: benign + malignant,
    images: 4 * (benign + malignant),
    patientsByClass: [benign, malignant],
    imagesByClass: [4 * benign, 4 * malignant],
  });
  const handlers: { readonly [Name in RequestName]?: (input: ParsedInput<Name>) => unknown } = {
    'run.move': () => ({}),
    'labels.import': ({ base64, skipUnknown }) => {
      if (!atob(base64).startsWith('file,label')) throw new Error('Not the file of the test.');
      return { labelSetId: 1, images: 254, classes: [], skipped: skipUnknown ? 3 : 0 };
    },
    'split.overview': () => ({
      parts: {
        train: { patients: 214, images: 812 },
        validation: { patients: 71, images: 268 },
        test: { patients: 70, images: 264 },
      },
      labels: 'file',
      classes: ['benign', 'malignant'],
      labelled: {
        train: labelledPart(130, 62),
        validation: labelledPart(43, 21),
        test: labelledPart(42, 20),
      },
    }),
    'schedule.get': () => state,
    'schedule.set': (schedule) => {
      state = {
        schedule,
        next: {
          nowMs: new Date(2026, 10, 4, 15, 0).getTime(),
          underWay: false,
          missingReadings: schedule.leastReadings === null ? null : schedule.leastReadings - 8,
          missingPairs: schedule.leastPairs,
          readingsToMine: 0,
          atMs: schedule.atMinute === null ? null : new Date(2026, 10, 5, 2, 0).getTime(),
          nothingNew: false,
        },
      };
      return state;
    },
  };
  const page = window as unknown as {
    station: StationBridge;
    fake: { calls: { name: string; input: unknown }[] };
  };
  const { station } = page;
  page.station = {
    on: (topic, listener) => station.on(topic, listener),
    call: async (name, input) => {
      const handler = (handlers as Record<string, ((input: unknown) => unknown) | undefined>)[name];
      if (handler === undefined) return station.call(name, input);
      page.fake.calls.push({ name, input });
      return Promise.resolve({ ok: true, value: structuredClone(handler(input)) });
    },
  };
}

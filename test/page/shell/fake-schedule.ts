import type { ScheduleState } from '../../../shared/ipc/answers.ts';
import type { ParsedInput, RequestName, StationBridge } from '../../../shared/ipc/contract.ts';

/** Adds the queue and the schedule to the station in the page. As installFakeCases, sent to the browser as its text. */
export function installFakeSchedule(): void {
  let state: ScheduleState = { schedule: null, next: null };
  const handlers: { readonly [Name in RequestName]?: (input: ParsedInput<Name>) => unknown } = {
    'run.move': () => ({}),
    'schedule.get': () => state,
    'schedule.set': (schedule) => {
      state = {
        schedule,
        next: {
          nowMs: new Date(2026, 10, 4, 15, 0).getTime(),
          underWay: false,
          missingReadings: schedule.leastReadings === null ? null : schedule.leastReadings - 8,
          missingPairs: schedule.leastPairs,
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

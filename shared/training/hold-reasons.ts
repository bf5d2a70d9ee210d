import { z } from 'zod';

/** Why a run waits: a person paused it, somebody reads, it is not night, on battery, the disk is low. */
export const holdReasons = ['person', 'reading', 'night', 'battery', 'disk'] as const;
export type HoldReason = (typeof holdReasons)[number];

const minuteOfDay = z.number().int().min(0).max(1439);

/** What training gives way to, beside a reading that is open. */
export const trainingRules = z.object({
  /** Training only from one minute of the local day to another (it may pass midnight); null: at any time. */
  nightWindow: z.object({ fromMinute: minuteOfDay, toMinute: minuteOfDay }).nullable(),
  pauseOnBattery: z.boolean(),
  /** Below so many free bytes in the data folder training waits. */
  leastFreeBytes: z.number().int().min(0).max(1e15),
});
export type TrainingRules = Readonly<z.infer<typeof trainingRules>>;

/** What holds until an administrator says otherwise. */
export const initialTrainingRules: TrainingRules = {
  nightWindow: null,
  pauseOnBattery: true,
  leastFreeBytes: 2 ** 30,
};

/** Everything that decides whether a run waits, gathered at one moment. */
export type HoldState = {
  readonly rules: TrainingRules;
  readonly pauseWhileReading: boolean;
  readonly readingOpen: boolean;
  readonly heldByPerson: boolean;
  /** Of the local day. */
  readonly minuteOfDay: number;
  /** False where the host cannot know. */
  readonly onBattery: boolean;
  /** Null where the system does not say. */
  readonly freeBytes: number | null;
};

/** Whether a minute lies in a window of the day; from and to alike are the whole day. */
function isInside(
  minute: number,
  { fromMinute, toMinute }: NonNullable<TrainingRules['nightWindow']>,
): boolean {
  if (fromMinute === toMinute) return true;
  return fromMinute < toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}

/** Every reason why training waits now, in the order of `holdReasons`; none: it goes on. */
export function findHoldReasons(state: HoldState): readonly HoldReason[] {
  const { rules, freeBytes } = state;
  const holds: Readonly<Record<HoldReason, boolean>> = {
    person: state.heldByPerson,
    reading: state.pauseWhileReading && state.readingOpen,
    night: rules.nightWindow !== null && !isInside(state.minuteOfDay, rules.nightWindow),
    battery: rules.pauseOnBattery && state.onBattery,
    disk: freeBytes !== null && freeBytes < rules.leastFreeBytes,
  };
  return holdReasons.filter((reason) => holds[reason]);
}

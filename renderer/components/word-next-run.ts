import type { NextRun } from '../../shared/training/schedule.ts';
import { fill, fillCount } from '../messages/fill.ts';
import { formatTime } from '../messages/formats.ts';
import { messages } from '../messages/en.ts';

const words = messages.training.schedule;

const dayOf = (ms: number): number => new Date(ms).setHours(0, 0, 0, 0);

/** A coming time as a person says it: `tonight at 02:00`, `today at 14:30`, `tomorrow at 09:00`. */
function wordTime(atMs: number, nowMs: number): string {
  const time = formatTime(atMs).slice(-5);
  const hour = new Date(atMs).getHours();
  // The night belongs to the day before it.
  if (hour < 6 || hour >= 20) {
    const evening = new Date(atMs - 6 * 3_600_000).getTime();
    const now = new Date(nowMs - 6 * 3_600_000).getTime();
    if (dayOf(evening) === dayOf(now)) return fill(words.tonight, { time });
  }
  return fill(dayOf(atMs) === dayOf(nowMs) ? words.today : words.tomorrow, { time });
}

/** Pairs that are missing, and readings that are mined before they are counted. */
function wordPairs(missingPairs: number, readingsToMine: number): string {
  const pairs = fillCount(words.pairs, missingPairs);
  return readingsToMine === 0 ? pairs : `${pairs} ${fillCount(words.toMine, readingsToMine)}`;
}

/** What the schedule does next, as a sentence. */
export function wordNextRun(next: NextRun | null): string {
  if (next === null) return words.none;
  const { missingReadings, missingPairs, readingsToMine, atMs, nothingNew, underWay, nowMs } = next;
  const ways = [
    ...(missingReadings === null
      ? []
      : [missingReadings === 0 ? words.now : fillCount(words.readings, missingReadings)]),
    ...(missingPairs === null
      ? []
      : [missingPairs === 0 ? words.now : wordPairs(missingPairs, readingsToMine)]),
  ];
  if (atMs !== null) {
    const when = wordTime(atMs, nowMs);
    ways.push(nothingNew ? fill(words.ifNew, { when }) : when);
  }
  if (ways.length === 0) return words.none;
  if (underWay) return words.underWay;
  const when = ways.includes(words.now) ? words.now : ways.join(`, ${words.or} `);
  return fill(words.next, { when });
}

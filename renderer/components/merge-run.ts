import type { RunDetail, RunEvent, RunRow } from '../../shared/ipc/answers.ts';

/** Rows with the event's row in its place; a new run comes first. */
export function mergeRunRow(rows: readonly RunRow[], { row }: RunEvent): readonly RunRow[] {
  return rows.some((before) => before.runId === row.runId)
    ? rows.map((before) => (before.runId === row.runId ? row : before))
    : [row, ...rows];
}

/** The detail after an event of the same run; its point is appended unless it is there already. */
export function mergeRunDetail(detail: RunDetail, event: RunEvent): RunDetail {
  if (event.runId !== detail.runId) return detail;
  const { point } = event;
  const lastStep = detail.points.at(-1)?.step ?? -1;
  return {
    ...detail,
    ...event.row,
    progress: event.progress,
    residentBytes: event.residentBytes ?? detail.residentBytes,
    memory: addMemory(detail, event),
    points: point !== null && point.step > lastStep ? [...detail.points, point] : detail.points,
  };
}

/** At least so many milliseconds lie between two figures of memory, as the station stores them. */
const memoryEveryMs = 4000;

function addMemory({ memory }: RunDetail, { residentBytes, atMs }: RunEvent): RunDetail['memory'] {
  if (residentBytes === null || atMs - (memory.at(-1)?.atMs ?? -Infinity) < memoryEveryMs)
    return memory;
  return [...memory, { atMs, residentBytes }];
}

/** True where the event opens a new chapter, after which mined counts, engine and log must be asked for. */
export function opensChapter(before: RunRow | undefined, { row }: RunEvent): boolean {
  return (
    before === undefined ||
    before.stage !== row.stage ||
    before.state !== row.state ||
    before.engine !== row.engine ||
    before.encoder?.sha256 !== row.encoder?.sha256
  );
}

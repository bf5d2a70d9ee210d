/** Minute of the day as `HH:MM`; empty for null. */
export function formatMinute(minute: number | null): string {
  if (minute === null) return '';
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** The minute of the day that `HH:MM` names; null where it names none. */
export function parseMinute(text: string): number | null {
  const found = /^(?<hour>\d{2}):(?<minute>\d{2})/u.exec(text)?.groups;
  if (found === undefined) return null;
  const minute = Number(found['hour']) * 60 + Number(found['minute']);
  return minute < 24 * 60 ? minute : null;
}

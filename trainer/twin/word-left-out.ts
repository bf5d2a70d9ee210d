/** Lines of a report about what its files name and no run could use; none where all was used. */
export function wordLeftOut({
  missing,
  unusedGaze,
}: {
  readonly missing: readonly string[];
  readonly unusedGaze: readonly string[];
}): string[] {
  const lines: string[] = [];
  if (missing.length > 0) lines.push(`- ${missing.length} labelled images are not in the folder`);
  if (unusedGaze.length > 0)
    lines.push(
      `- gaze on ${unusedGaze.length} images was left out: not in the folder or without a label (report.json names them)`,
    );
  return lines;
}

/** Where the cursor goes from row `cursor` of `count` on `key`; undefined where the key does not move it. */
export function moveCursor(
  key: string,
  cursor: number,
  count: number,
  rowsAScreen: number,
): number | undefined {
  const step = moves(key, Math.max(1, rowsAScreen - 1));
  if (step === undefined || count === 0) return undefined;
  return Math.min(count - 1, Math.max(0, cursor + step));
}

function moves(key: string, screen: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return 1;
    case 'ArrowUp':
      return -1;
    case 'PageDown':
      return screen;
    case 'PageUp':
      return -screen;
    case 'Home':
      return -Infinity;
    case 'End':
      return Infinity;
    default:
      return undefined;
  }
}

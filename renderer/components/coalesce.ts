/**
 * A function that runs `work`, never twice at a time: calls while it runs make it run once more afterwards.
 * A failure of `work` is forgotten; the next call tries again.
 */
export function coalesce(work: () => Promise<void>): () => void {
  let running = false;
  let again = false;
  const run = async (): Promise<void> => {
    running = true;
    do {
      again = false;
      await work().catch(() => undefined);
    } while (again);
    running = false;
  };
  return () => {
    if (running) again = true;
    else void run();
  };
}

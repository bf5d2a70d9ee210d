import { useEffect } from 'react';
import { station } from '../station.ts';

/** Milliseconds between two tellings: less than a run waits for one. */
const tellEveryMs = 400;

/** Tells main while the reader drags, turns the wheel or presses keys, so that training lets the viewer go first. */
export function useTellInput(): void {
  useEffect(() => {
    const ended = new AbortController();
    let toldAtMs = Number.NEGATIVE_INFINITY;
    const tell = ({ timeStamp }: Event): void => {
      if (timeStamp - toldAtMs < tellEveryMs) return;
      toldAtMs = timeStamp;
      // Nobody waits for it: the next input tells again.
      station.ask('reading.input', {}).catch(() => undefined);
    };
    const options = { capture: true, passive: true, signal: ended.signal };
    for (const kind of ['pointerdown', 'wheel', 'keydown'])
      window.addEventListener(kind, tell, options);
    window.addEventListener(
      'pointermove',
      (event) => {
        if (event.buttons !== 0) tell(event);
      },
      options,
    );
    return () => ended.abort();
  }, []);
}

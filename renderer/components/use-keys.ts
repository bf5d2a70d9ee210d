import { useLayoutEffect, useRef } from 'react';

/**
 * Hears every key pressed in the window from the moment the component is on screen: a reader who is quicker
 * than the effects of a page that has just appeared loses no key.
 */
export function useKeys(press: (event: KeyboardEvent) => void): void {
  const latest = useRef(press);
  useLayoutEffect(() => {
    latest.current = press;
  });
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent): void => latest.current(event);
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
}

import type { StudyViewer } from './study-viewer.ts';

type Drag = 'window' | 'pan' | 'zoom';

/** Which tool a mouse button drags: left window, middle or Shift pan, right or Ctrl zoom. */
function dragOf(event: PointerEvent): Drag {
  if (event.button === 1 || event.shiftKey) return 'pan';
  if (event.button === 2 || event.ctrlKey) return 'zoom';
  return 'window';
}

/**
 * Mouse tools of one pane: drag with the left button for window and level, with the middle button or
 * Shift to pan, with the right button or Ctrl to zoom; the wheel zooms at the pointer. Lives until `signal`.
 */
export function attachPointerTools(
  element: HTMLElement,
  pane: number,
  viewer: StudyViewer,
  onTouch: () => void,
  signal: AbortSignal,
): void {
  let drag:
    | { readonly kind: Drag; x: number; y: number; readonly atX: number; readonly atY: number }
    | undefined;
  const place = (event: MouseEvent): { readonly xCss: number; readonly yCss: number } => {
    const box = element.getBoundingClientRect();
    return { xCss: event.clientX - box.x, yCss: event.clientY - box.y };
  };
  element.addEventListener(
    'pointerdown',
    (event) => {
      onTouch();
      const { xCss, yCss } = place(event);
      drag = { kind: dragOf(event), x: event.clientX, y: event.clientY, atX: xCss, atY: yCss };
      element.setPointerCapture(event.pointerId);
    },
    { signal },
  );
  element.addEventListener(
    'pointermove',
    (event) => {
      if (drag === undefined) return;
      const dx = event.clientX - drag.x;
      const dy = event.clientY - drag.y;
      [drag.x, drag.y] = [event.clientX, event.clientY];
      if (drag.kind === 'window') viewer.windowBy(pane, dx / 300, dy / 300);
      else if (drag.kind === 'pan') viewer.panBy(pane, dx, dy);
      else viewer.zoomBy(pane, Math.exp(-dy / 150), { xCss: drag.atX, yCss: drag.atY });
    },
    { signal },
  );
  for (const end of ['pointerup', 'pointercancel'] as const)
    element.addEventListener(end, () => (drag = undefined), { signal });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      onTouch();
      viewer.zoomBy(pane, Math.exp(-event.deltaY / 400), place(event));
    },
    { signal, passive: false },
  );
}

import type { StudyViewer } from './study-viewer.ts';

const panStepCss = 40;
const windowStep = 0.08;

type Key = { readonly key: string; readonly shift: boolean };

/** Does what a viewer key means to a pane; answers whether the key was one. */
export function applyViewerKey({ key, shift }: Key, viewer: StudyViewer, pane: number): boolean {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const side = key === 'ArrowRight' ? 1 : -1;
      if (shift) viewer.windowBy(pane, side * windowStep, 0);
      else viewer.panBy(pane, -side * panStepCss, 0);
      return true;
    }
    case 'ArrowUp':
    case 'ArrowDown': {
      const side = key === 'ArrowDown' ? 1 : -1;
      if (shift) viewer.windowBy(pane, 0, side * windowStep);
      else viewer.panBy(pane, 0, -side * panStepCss);
      return true;
    }
    case '+':
    case '=':
      viewer.zoomBy(pane, 1.2);
      return true;
    case '-':
      viewer.zoomBy(pane, 1 / 1.2);
      return true;
    case 'r':
      viewer.reset(pane);
      return true;
    case 'i':
      viewer.invert(pane);
      return true;
    case 'h':
      viewer.flip(pane, 'horizontal');
      return true;
    case 'v':
      viewer.flip(pane, 'vertical');
      return true;
    case 't':
      viewer.rotate(pane);
      return true;
    case ',':
      void viewer.page(pane, -1);
      return true;
    case '.':
      void viewer.page(pane, 1);
      return true;
    default:
      return false;
  }
}

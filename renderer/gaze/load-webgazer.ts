type Prediction = { readonly x: number; readonly y: number };

/** The part of WebGazer 3.5.3 that the station uses. */
export type WebGazer = {
  readonly params: Record<string, unknown>;
  saveDataAcrossSessions(save: boolean): WebGazer;
  applyKalmanFilter(apply: boolean): WebGazer;
  setRegression(name: 'ridge' | 'weightedRidge'): WebGazer;
  setGazeListener(listener: (gaze: Prediction | null, elapsedMs: number) => void): WebGazer;
  begin(onFail?: () => void): Promise<WebGazer>;
  pause(): WebGazer;
  end(): WebGazer;
  removeMouseEventListeners(): WebGazer;
  recordScreenPosition(x: number, y: number, kind: 'click' | 'move'): WebGazer;
};

declare global {
  interface Window {
    webgazer?: WebGazer;
  }
}

/**
 * Loads the built page's own copy of WebGazer (scripts/webgazer-files.ts puts it there; a bundler loses
 * its face model). Rejects where the file is missing.
 */
export async function loadWebgazer(): Promise<WebGazer> {
  if (window.webgazer !== undefined) return window.webgazer;
  await new Promise<void>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = 'webgazer/webgazer.js';
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('WebGazer could not be loaded.')));
    document.head.append(script);
  });
  if (window.webgazer === undefined) throw new Error('WebGazer did not start.');
  return window.webgazer;
}

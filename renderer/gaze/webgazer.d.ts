/** The part of WebGazer 3.5.3 that the station uses. */
declare module 'webgazer' {
  type Prediction = { readonly x: number; readonly y: number };
  type WebGazer = {
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
  const webgazer: WebGazer;
  export default webgazer;
}

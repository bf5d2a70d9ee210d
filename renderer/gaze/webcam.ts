import type { SourceTrouble } from './gaze-source.ts';
import { loadWebgazer, type WebGazer } from './load-webgazer.ts';

/** A prediction in CSS pixels of the page, not clipped, or undefined where no face was found. */
export type WebcamGaze =
  | {
      readonly xCss: number;
      readonly yCss: number;
    }
  | undefined;

type Listener = (gaze: WebcamGaze, frameMs: number) => void;

function troubleOf(error: unknown): SourceTrouble {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'camera-denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'camera-busy';
    default:
      return 'camera-missing';
  }
}

/**
 * The one camera and the one WebGazer of the page. No frame is stored: WebGazer keeps at most 50 pairs
 * of eye patches of the calibration in memory, and none on disk.
 */
class Webcam {
  #listener: Listener | undefined;
  #onTrouble: (trouble: SourceTrouble) => void = () => undefined;
  #video: HTMLVideoElement | undefined;
  #lastFrameMs = 0;
  #frameMs = 0;
  #webgazer: WebGazer | undefined;
  #calibrationPoints = 0;
  #errorDip: number | undefined;
  #wanted = false;
  label = '';

  /** Points learnt since the last `forget`; without any, WebGazer gives no gaze. */
  get calibrationPoints(): number {
    return this.#calibrationPoints;
  }

  /** Mean error of the calibration's validation, screen DIP; undefined where it was not measured. */
  get errorDip(): number | undefined {
    return this.#errorDip;
  }

  /** Opens the camera and starts predicting. Answers the trouble, or undefined once it runs. */
  async open(
    listener: Listener,
    onTrouble: (trouble: SourceTrouble) => void,
  ): Promise<SourceTrouble | undefined> {
    this.close();
    this.#wanted = true;
    this.#listener = listener;
    this.#onTrouble = onTrouble;
    try {
      const probe = await navigator.mediaDevices.getUserMedia({ video: true });
      this.label = probe.getVideoTracks()[0]?.label ?? 'camera';
      for (const track of probe.getTracks()) track.stop();
    } catch (error) {
      return troubleOf(error);
    }
    if (!this.#wanted) return undefined;
    try {
      this.#webgazer = await loadWebgazer();
    } catch {
      return 'models-missing';
    }
    const webgazer = this.#webgazer;
    // WebGazer warns by a dialog wherever the host's name is not literally "localhost".
    window.alert = () => undefined;
    Object.assign(webgazer.params, {
      faceMeshSolutionPath: 'webgazer/mediapipe/face_mesh',
      showVideo: false,
      showFaceOverlay: false,
      showFaceFeedbackBox: false,
      showGazeDot: false,
    });
    webgazer.saveDataAcrossSessions(false).applyKalmanFilter(false);
    if (this.#calibrationPoints === 0) webgazer.setRegression('ridge');
    webgazer.setGazeListener((gaze) => this.#take(gaze));
    try {
      await webgazer.begin();
    } catch {
      return 'models-missing';
    }
    webgazer.removeMouseEventListeners();
    this.#watch();
    if (!this.#wanted) this.close();
    return undefined;
  }

  /** Learns that the reader looks at this place of the page now. */
  learn(xCss: number, yCss: number): void {
    this.#webgazer?.recordScreenPosition(xCss, yCss, 'click');
    this.#calibrationPoints += 1;
  }

  /** Keeps what the validation measured, as long as the calibration itself. */
  keepError(errorDip: number | undefined): void {
    this.#errorDip = errorDip;
  }

  /** Forgets the calibration and its error. */
  forget(): void {
    this.#calibrationPoints = 0;
    this.#errorDip = undefined;
    this.#webgazer?.setRegression('ridge');
  }

  /** Ends predicting and turns the camera off: WebGazer itself leaves it on. */
  close(): void {
    this.#wanted = false;
    this.#listener = undefined;
    this.#onTrouble = () => undefined;
    const video = this.#video;
    this.#video = undefined;
    if (video === undefined) return;
    const stream = video.srcObject;
    this.#webgazer?.pause();
    this.#webgazer?.end();
    if (stream instanceof MediaStream) for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }

  #take(gaze: { readonly x: number; readonly y: number } | null): void {
    const frameMs = this.#frameMs;
    // The next prediction is made from the frame on show at the next animation frame.
    requestAnimationFrame(() => (this.#frameMs = this.#lastFrameMs));
    this.#listener?.(gaze === null ? undefined : { xCss: gaze.x, yCss: gaze.y }, frameMs);
  }

  #watch(): void {
    const video = document.getElementById(String(this.#webgazer?.params['videoElementId']));
    if (!(video instanceof HTMLVideoElement)) return;
    this.#video = video;
    this.#lastFrameMs = performance.now();
    this.#frameMs = this.#lastFrameMs;
    const nextFrame: VideoFrameRequestCallback = (now, metadata) => {
      this.#lastFrameMs = metadata.captureTime ?? now;
      if (this.#video === video) video.requestVideoFrameCallback(nextFrame);
    };
    video.requestVideoFrameCallback(nextFrame);
    if (!(video.srcObject instanceof MediaStream)) return;
    for (const track of video.srcObject.getVideoTracks())
      track.addEventListener('ended', () => {
        if (this.#video === video) this.#onTrouble('camera-unplugged');
      });
  }
}

/** WebGazer keeps its state in one global object, so there is one of these. */
export const webcam = new Webcam();
export type { Webcam };

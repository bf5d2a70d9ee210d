import type { GazeSourceId } from '../../shared/gaze/samples.ts';
import type { RecordingStatus } from '../gaze/recording.ts';

type OffReason = Extract<RecordingStatus, { readonly kind: 'off' }>['why'];

/** Words of the recording indicator and of the calibration. */
export const gazeMessages = {
  status: {
    starting: 'Starting',
    recording: 'Recording',
    paused: 'Paused',
    off: 'Off',
  },
  /** What is being recorded, so that nothing simulated passes for gaze. */
  sources: {
    webgazer: 'gaze, webcam',
    pointer: 'pointer, not gaze',
    replay: 'replayed gaze',
    simulated: 'simulated gaze',
  } satisfies Record<GazeSourceId, string>,
  why: {
    'no-consent': 'no consent given: nothing is recorded',
    'switched-off': 'gaze source is off in the settings',
    'not-stored': 'gaze cannot be stored: look at the data folder and the disk',
    ended: 'reading ended',
    'camera-denied': 'the camera is denied: allow it for Fovea and open the study again',
    'camera-missing': 'no camera found: plug one in or choose another source',
    'camera-busy': 'the camera is used by another program: close that one',
    'camera-unplugged': 'the camera was unplugged: plug it in again',
    'not-calibrated': 'not calibrated: calibrate in Settings',
    'no-face': 'no face in the camera picture',
    'models-missing': 'WebGazer could not start: its model files are missing',
    'nothing-to-replay': 'nothing left to replay',
  } satisfies Record<OffReason, string>,
  pauseKey: 'P',
  pauseHint: 'P pauses',
  resumeHint: 'P resumes',
  calibration: {
    title: 'Calibrate the webcam',
    explain:
      'Sit as you read, keep your head still, and look at each dot until it moves on. 13 dots teach the station, 9 others measure how well it learnt. No picture is stored.',
    start: 'Start',
    cancel: 'Cancel',
    again: 'Calibrate again',
    done: 'Done',
    opening: 'Opening the camera',
    teaching: 'Look at the dot',
    checking: 'Look at the dot (measuring)',
    result: 'Mean error {px} px over 9 points',
    resultDegrees: 'Mean error {px} px, {degrees} degrees, over 9 points',
    noGaze: 'No gaze was found while measuring: check light and camera, then calibrate again.',
  },
} as const;

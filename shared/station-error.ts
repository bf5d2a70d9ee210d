/**
 * Every expected failure of the station. The code travels over IPC and the trainer's protocol; the
 * sentence for a person is made by `wordError` (shared/messages/error-messages.ts).
 */
export const stationErrorCodes = [
  // import
  'empty-file',
  'truncated-file',
  'not-an-image-file',
  'dicom-without-image',
  'dicom-without-header',
  'unsupported-transfer-syntax',
  'unsupported-pixels',
  'image-too-large',
  'unreadable-file',
  'no-permission',
  'file-missing',
  'disk-full',
  // station
  'data-folder-missing',
  'data-folder-in-use',
  'data-folder-read-only',
  'database-newer',
  'database-damaged',
  'not-found',
  'forbidden',
  'invalid-input',
  'unknown-request',
  'internal',
  // reading
  'no-consent',
  'reading-not-open',
  'reading-already-open',
  // labels
  'labels-wrong-encoding',
  'labels-without-columns',
  'labels-malformed-line',
  'labels-unknown-image',
  'labels-ambiguous-image',
  'labels-duplicate',
  'labels-conflict',
  'labels-one-class',
  // training
  'run-already-active',
  'run-not-resumable',
  'too-few-images',
  'too-few-readings',
  'engine-unavailable',
  'engine-changed',
  'weights-unreadable',
  'weights-do-not-fit',
  'trainer-crashed',
  'trainer-silent',
  'loss-not-finite',
  'representation-collapsed',
  'prepared-image-lost',
  'run-images-lost',
  'out-of-memory',
  'checkpoint-unreadable',
  'checkpoint-went-back',
  'checkpoint-began-anew',
  'cancelled',
  // registry
  'model-file-damaged',
  'model-in-use',
  'already-champion',
  'no-earlier-champion',
  'comparison-not-shown',
  'reason-needed',
] as const;

export type StationErrorCode = (typeof stationErrorCodes)[number];

/** Whether a stored or sent text is a code of this version. */
export function isStationErrorCode(code: string): code is StationErrorCode {
  return (stationErrorCodes as readonly string[]).includes(code);
}

/** Values for the sentence: file names, limits, counts. Never pixels, never a patient's name. */
export type StationErrorDetails = Readonly<Record<string, string | number>>;

/** An expected failure that a person can act upon. */
export class StationError extends Error {
  readonly code: StationErrorCode;
  readonly details: StationErrorDetails;

  constructor(code: StationErrorCode, details: StationErrorDetails = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(details)}`, options);
    this.name = 'StationError';
    this.code = code;
    this.details = details;
  }
}

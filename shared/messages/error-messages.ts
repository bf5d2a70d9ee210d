import type { Failure } from '../ipc/contract.ts';
import {
  isStationErrorCode,
  type StationErrorCode,
  type StationErrorDetails,
} from '../station-error.ts';

type Sentence = (details: StationErrorDetails) => string;

/** The value of a detail, or other words where it was not given. */
const say = (details: StationErrorDetails, name: string, otherwise: string): string => {
  const value = details[name];
  return value === undefined || value === '' ? otherwise : String(value);
};

/** How many images have something, of those that are too few. */
const sayImages = (details: StationErrorDetails): string => {
  const found = say(details, 'found', '0');
  if (found === '0') return 'No image has';
  return found === '1' ? 'Only 1 image has' : `Only ${found} images have`;
};

/** Why a run is not resumed, by its state. */
const whyNotResumed: Readonly<Record<string, string>> = {
  queued: 'waits in the queue already and begins when its turn comes, in the open station',
  running: 'is going on already',
  paused: 'waits, and goes on by itself once nothing holds it',
  done: 'is done, so there is nothing to resume. Start a new run to train further',
  cancelled:
    'was cancelled, and a cancelled run is not resumed. Start a new one with the same settings; pause a run that shall go on later',
};

/** What happened and what to do next, one for each code. */
const sentences: Readonly<Record<StationErrorCode, Sentence>> = {
  'empty-file': () => 'The file is empty (0 bytes). Copy it again from its source.',
  'truncated-file': (d) =>
    `The file ends too early${d['reason'] === undefined ? '' : ` (${d['reason']})`}. Copy or send it again from its source.`,
  'not-an-image-file': () =>
    'This is not a DICOM, JPEG or PNG file, whatever its name says. Convert it, or leave it out.',
  'dicom-without-image': (d) =>
    `This DICOM file holds no picture (${say(d, 'what', 'another kind of object')}). Only images can be read here.`,
  'dicom-without-header': () =>
    'This file holds DICOM data without its whole file header (preamble and meta information). Save it again as a DICOM Part 10 file, for example with dcmconv.',
  'unsupported-transfer-syntax': (d) =>
    `Its compression (${say(d, 'syntax', 'unknown')}) cannot be shown exactly, so it is refused. Export the study again as Explicit VR Little Endian or a lossless syntax.`,
  'unsupported-pixels': (d) =>
    `Its pixels (${say(d, 'what', 'of an unknown kind')}) cannot be shown exactly, so it is refused. Export the image again with plain 8 or 16 bits a pixel, or as 8-bit RGB.`,
  'image-too-large': (d) =>
    `The picture is too large (${say(d, 'size', 'unknown size')}; at most ${say(d, 'limit', 'the limit')}). Scale it down or crop it first.`,
  'unreadable-file': (d) =>
    `The file is damaged and cannot be read (${say(d, 'reason', 'no reason known')}). Copy or export it again.`,
  'no-permission': (d) =>
    `No permission to read ${say(d, 'file', 'it')}. Give your user the right to read it, then add it again.`,
  'file-missing': (d) =>
    `${say(d, 'file', 'The file')} is not there any more. Put it back or choose another.`,
  'disk-full': (d) =>
    `The disk of ${say(d, 'folder', 'the data folder')} is full. Free some space, then try again; what was already taken is kept.`,
  'data-folder-missing': (d) =>
    `The data folder ${say(d, 'folder', '')} is not there. Put it back (or connect its drive), then try again; nothing new is made in its place.`,
  'data-folder-in-use': (d) =>
    `Another Fovea (process ${say(d, 'pid', 'unknown')}) uses the data folder ${say(d, 'folder', '')}. Close it first, or choose another folder with --data-folder.`,
  'data-folder-read-only': (d) =>
    `The data folder ${say(d, 'folder', '')} cannot be written. Give your user the right to write there, or choose another with --data-folder.`,
  'database-newer': (d) =>
    `The database was written by a newer Fovea (schema ${say(d, 'found', '?')}; this one knows ${say(d, 'known', '?')}). Start that newer Fovea; nothing was changed.`,
  'database-damaged': (d) =>
    `The database ${say(d, 'file', '')} is damaged. Keep it, and put back the newest copy from the folder "backups" or your own backup.`,
  'not-found': (d) =>
    `There is no such ${say(d, 'what', 'entry')} any more. Go back and choose again.`,
  forbidden: () => 'You may not do this. Ask an administrator.',
  'invalid-input': (d) =>
    `The value of "${say(d, 'field', 'a field')}" does not fit: ${say(d, 'problem', 'check it')}.`,
  'unknown-request': () =>
    'The page asked for something this station does not know. Restart Fovea.',
  internal: () => 'Something went wrong inside Fovea. Try again; the details are in its log.',
  'no-consent': () =>
    'No consent to record gaze has been given, so nothing is recorded. Reading works as usual; consent can be given in Settings.',
  'reading-not-open': () => 'This reading is closed already. Open the study again to go on.',
  'reading-already-open': () => 'Another reading is still open. Finish or leave it first.',
  'labels-wrong-encoding': () =>
    'The file of labels is not UTF-8 text. Save it as CSV with the encoding UTF-8 and import it again; nothing was changed.',
  'labels-without-columns': (d) =>
    `The first line of the file of labels must name two columns: "label", and one of "image", "file", "sop_instance_uid", "patient" (found: ${say(d, 'found', 'nothing')}). Nothing was changed.`,
  'labels-malformed-line': (d) =>
    `Line ${say(d, 'line', '?')} of the file of labels does not have the columns of its first line, or one is empty. Correct it and import again; nothing was changed.`,
  'labels-unknown-image': (d) =>
    `${say(d, 'count', 'Some')} lines of the file of labels name images that are not in the station; the first is line ${say(d, 'line', '?')}. Import those images first, correct the lines, or choose to skip unknown images; nothing was changed.`,
  'labels-ambiguous-image': (d) =>
    `Line ${say(d, 'line', '?')} of the file of labels names a file of which there are several. Name the image by its SOP instance UID or SHA-256; nothing was changed.`,
  'labels-duplicate': (d) =>
    `Lines ${say(d, 'first', '?')} and ${say(d, 'line', '?')} of the file of labels name the same image. Leave one out; nothing was changed.`,
  'labels-conflict': (d) =>
    `Lines ${say(d, 'first', '?')} and ${say(d, 'line', '?')} of the file of labels give the same image different labels. Correct one; nothing was changed.`,
  'labels-one-class': (d) =>
    `All labels of the file are "${say(d, 'class', 'the same')}". At least two classes are needed; nothing was changed.`,
  'run-already-active': () => 'A run is active already. Wait until it ends, or cancel it.',
  'run-not-resumable': (d) =>
    `Run ${say(d, 'run', '?')} ${whyNotResumed[say(d, 'state', '')] ?? 'cannot be resumed'}.`,
  'too-few-images': (d) =>
    `${say(d, 'found', '0') === '0' ? 'No usable image' : `Usable images: ${say(d, 'found', '0')}`}; a run needs at least ${say(d, 'needed', 'more')}. Read more studies or widen the selection.`,
  'too-few-readings': (d) =>
    `${sayImages(d)} usable gaze; mining needs at least ${say(d, 'needed', '2')}. Read more studies with gaze recording on, or include simulated readings.`,
  'engine-unavailable': (d) =>
    `The training engine cannot be used: ${say(d, 'reason', 'unknown reason')}. Run "fovea doctor".`,
  'engine-changed': (d) =>
    `The engine with which this run began, ${say(d, 'before', 'another one')}, cannot be had now, so the run goes on with ${say(d, 'now', 'another one')}. Its weights will differ a little from those of an unbroken run.`,
  'weights-unreadable': (d) =>
    `The file of weights ${say(d, 'file', '')} cannot be used: ${say(d, 'reason', 'it is damaged')}.`,
  'weights-do-not-fit': (d) =>
    `The file of weights ${say(d, 'file', '')} does not fit ${say(d, 'encoder', 'this encoder')}${d['fits'] === undefined ? '' : `, but it fits ${d['fits']}: choose that encoder`}. ${say(d, 'problems', 'Names or shapes differ')}.`,
  'trainer-crashed': (d) =>
    `The trainer ended unexpectedly (${say(d, 'how', 'no reason known')}). Nothing stored is lost; the run can be resumed from its last checkpoint.${d['how'] === 'signal SIGKILL' ? ' If nobody ended it, the machine may be short of memory: take a smaller image side or batch.' : ''}`,
  'trainer-silent': (d) =>
    `The trainer gave no sign of life for ${say(d, 'seconds', 'too many')} s and was ended. The run can be resumed from its last checkpoint.`,
  'loss-not-finite': () =>
    'The loss is no longer a number, so the run was stopped. Lower the learning rate and start again; the last good checkpoint is kept.',
  'representation-collapsed': () =>
    'All embeddings became alike (collapse), so the run was stopped. Change learning rate, batch size or method; the last checkpoint is kept.',
  'prepared-image-lost': (d) =>
    `The prepared picture of image ${say(d, 'image', '?')} was damaged or deleted while the run used it, so the run was stopped. Resume it: the picture is made anew and the run goes on from its last checkpoint.`,
  'run-images-lost': (d) =>
    `The run began with ${say(d, 'before', '?')} images and ${say(d, 'now', '?')} of them can be read now, so it cannot go on where it was. Put the missing pixel files back from a backup and resume it, or start a new run.`,
  'out-of-memory': () =>
    'Not enough memory for this run. Take a smaller image side or batch and start again.',
  'checkpoint-unreadable': (d) =>
    `The checkpoint of this run could not be read (${say(d, 'reason', 'no reason known')}), so the run was stopped; nothing was deleted. See that the disk of the data folder is there, that Fovea may read it and that memory is free, then resume the run.`,
  'checkpoint-went-back': (d) =>
    `The newest checkpoint was damaged (${say(d, 'reason', 'no reason known')}). The run went on from the one before, after step ${say(d, 'step', '0')}; its result is the same. If this happens again, check the disk.`,
  'checkpoint-began-anew': (d) =>
    `No checkpoint of this run could be read (${say(d, 'reason', 'no reason known')}), so its training began anew. If this happens again, check the disk.`,
  cancelled: () => 'Cancelled.',
  'model-file-damaged': (d) =>
    `The file of model ${say(d, 'version', '?')} is not the one that was registered: its SHA-256 differs. Put it back from a backup; until then the model cannot be used.`,
  'model-in-use': (d) =>
    `Model ${say(d, 'version', '?')} is ${say(d, 'as', 'in use')}, so its file stays. ${String(d['as'] ?? '').endsWith('begins from') ? 'Let that run end, or set it otherwise.' : 'Promote another model first.'}`,
  'already-champion': (d) => `Model ${say(d, 'version', '?')} is the champion already.`,
  'no-earlier-champion': () =>
    'There is no earlier champion to go back to. Promote a model instead.',
  'comparison-not-shown': () =>
    'The comparison that was shown is not the one that holds now, so nothing was promoted. Look at the comparison again, then decide.',
  'reason-needed': () =>
    'There is no comparison on the frozen split for both models. Evaluate them first, or give the reason for this promotion in words.',
};

/** The sentence for a person: what happened and what to do next. */
export function wordError({ code, details }: Failure): string {
  return isStationErrorCode(code) ? sentences[code](details) : sentences.internal({});
}

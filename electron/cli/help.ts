/** Exit codes of every command. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, someRefused: 3, cancelled: 130 } as const;

const codes = `Exit codes:
  0    done
  1    failed, or a check of "doctor" failed
  2    the command line was not understood
  3    import: done, but some files were refused
  130  cancelled by Ctrl+C`;

const common = `  --data-folder DIR   the station's data folder (default: the desktop's own)
  --json              print one JSON object at the end instead of sentences
  --help              this text`;

/** The help of the program and of each command. */
export const help = {
  all: `fovea COMMAND [options]

Commands:
  import PATH...   take DICOM, JPEG and PNG files, or folders of them, into the station
  mine             find pairs of images that were looked at alike
  train            mine, then pre-train the encoder with those pairs
  resume RUN       take up a run that was killed, interrupted or failed, from its last checkpoint
  models           list the models with their aliases and figures
  promote VERSION  compare a model with the champion, then make it the champion
  rollback         bring the champion before this one back
  card VERSION     write the card of a model
  export           write readings and gaze as CSV with a JSON description
  export-encoder RUN   write a run's encoder for PyTorch (safetensors) or ONNX Runtime
  doctor           check Node, database, files, engines and camera

"fovea COMMAND --help" tells the options of a command. The station must be closed meanwhile.
Research use only. Not for diagnosis.

${codes}`,
  import: `fovea import PATH... [options]

Takes files, and folders with all below them, into the station. Files that are there already are
counted, not stored again. A refused file is named with its reason.

${common}

${codes}`,
  mine: `fovea mine [options]

Mines pairs of images that were looked at alike and stores them as a run.

  --modality M        MG, OP or OT; every modality by itself where not given
  --hash-threshold X  difference hash, 0 to 1; this or the next: fixed thresholds, the other one 0.7
  --multimatch-threshold X   MultiMatch, 0 to 1
  --measures A,B      of difference-hash, multimatch, hu-moments, tima, heatmap-cosine,
                      heatmap-correlation (default difference-hash,multimatch)
  --false-positive-rate X    thresholds from chance: only so large a share of pairs put together by
                      chance is above them (default 0.05)
  --max-lost-share X  leave out readings of which more of the gaze is lost (default 0.2)
  --reader-policy P   within (default): only readings of one reader are compared; across: of all readers,
                      standardised for each
  --same-patient      let two images of one patient be a pair
  --no-simulated      leave out readings made by a program
${common}

${codes}`,
  train: `fovea train [options]

Mines pairs, then pre-trains an encoder with them. The encoder is saved in the data folder's runs.
Ctrl+C cancels after the step.

  --preset NAME       a published configuration (mammo-byol-mcgip-r50 ...) in place of the demonstration's;
                      other options change it
  --method M          simsiam (default), moco-v2, byol or simclr
  --encoder E         resnet-10 (default), -18, -26, -34, -50, -101 or vit-s
  --initial-weights FILE   begin from an encoder (safetensors or ONNX, names of torchvision or timm)
                      instead of at random
  --engine N          automatic (default: the fastest that passes its check), onnx-plain, onnx-blocked,
                      onnx-webgpu, onnx-cuda, tensorflow-webgpu, tensorflow-node or tensorflow-cpu
  --image-side N      pixels, a multiple of 32 (default 64); the height where --image-width is given
  --image-width N     pixels, a multiple of 32 (default: as high as wide)
  --batch N           images a step (default 8)
  --epochs N          (default 10); fewer than the configuration has shorten its warm-up in proportion
  --warmup N          epochs until the learning rate is reached, fewer than --epochs (default 1)
  --queue N           length of MoCo's queue, a multiple of --batch (default 64)
  --learning-rate X   (default 0.05)
  --seed N            (default 1)
  --positives M       the measure whose pairs are the positives (default multimatch), or by-modality: the
                      one that is set for each modality
  --no-gaze           the same run without gaze positives, for comparison
  --labels FILE       first take a CSV file of labels (UTF-8; columns "label" and one of "image", "file",
                      "sop_instance_uid", "patient"), by which the encoder is judged afterwards; without
                      one it is judged by assessments
  --fine-tune N       judge a copy of the encoder that is trained on with the labels for N epochs, too
  --skip-unknown-labels      leave out lines of it that name no image of the station
  --modality M, --hash-threshold X, --multimatch-threshold X, --measures A,B,
  --false-positive-rate X, --max-lost-share X, --reader-policy P, --same-patient,
  --no-simulated   as in "mine"
${common}

${codes}`,
  resume: `fovea resume RUN [options]

Takes up a run of "mine" or "train", or of the desktop, that was killed or interrupted, or that failed for a
reason that is gone: with its own options and readings, from its last checkpoint. RUN is its number, which
stands in the progress line and on the training page. A run that was cancelled is not resumed, nor one that
would fail again in the same way (loss not a number, collapse, too few images or readings): it says what to
change, and ends with 1. Ctrl+C cancels after the step.

${common}

${codes}`,
  export: `fovea export [options]

Writes a new folder with readings, gaze samples, viewport states, fixations and images as CSV, a JSON
description of every column and a manifest of hashes. Readers appear by pseudonym, patients not at all.

  --modality M        MG, OP or OT
  --no-simulated      leave out readings made by a program
${common}

${codes}`,
  models: `fovea models [options]

Lists every model, newest first: version, alias, encoder, method, gaze, run, the first figure with its 95 %
interval, and whether it has learnt from what was erased or withdrawn since.

${common}

${codes}`,
  promote: `fovea promote VERSION [options]

Compares a model with the champion on the frozen split. It becomes the champion only with --seen and the
code that the comparison ends with, so that nobody promotes what was not looked at.

  --seen CODE         what the comparison printed
  --reason TEXT       why; needed where the frozen split does not compare the two
${common}

${codes}`,
  rollback: `fovea rollback [options]

Brings the champion before this one back.

  --reason TEXT       why
${common}

${codes}`,
  card: `fovea card VERSION [options]

Prints the card of a model as Markdown; it also lies beside the model in the data folder.

  --out FILE          write it into a file instead
${common}

${codes}`,
  'export-encoder': `fovea export-encoder RUN [options]

Writes the encoder of a finished run, without its heads, for other programs: as safetensors by the names of
torchvision (ResNet) and timm (ViT), or as an ONNX model (opset 17, any batch size) from images to features.
The file tells how pictures are prepared for it. Research use only. Not for diagnosis.

  --format F          safetensors (default) or onnx
  --to FILE           where to write it (default: the data folder's exports)
${common}

${codes}`,
  doctor: `fovea doctor [options]

Checks Node, the data folder, the database, stored files, training engines, Electron or Chromium, the
camera and the disk. Each line says ok, warn or fail and what to do.

${common}

${codes}`,
} as const;

export type CommandName = Exclude<keyof typeof help, 'all'>;

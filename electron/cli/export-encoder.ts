import { copyFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type EncoderFormat, encoderFormats } from '../../shared/training/encoder-formats.ts';
import type { Application } from '../app/application.ts';
import { exitCodes } from './help.ts';
import type { Output } from './output.ts';
import type { RunOptions } from './run-command.ts';
import { wordWriteError } from './write-error.ts';

/** A run and a format, or a sentence that says what is not understood. */
export function readExportOptions(
  paths: readonly string[],
  options: RunOptions,
): { readonly runId: number; readonly format: EncoderFormat } | string {
  const runId = Number(paths[0]);
  if (paths.length !== 1 || !Number.isInteger(runId) || runId < 1)
    return 'name one run by its number, as "fovea train" told it.';
  const wanted = options['format'] ?? 'safetensors';
  const format = encoderFormats.find((each) => each === wanted);
  return format === undefined ? `--format is ${encoderFormats.join(' or ')}.` : { runId, format };
}

/** Exports a run's encoder, and moves it to the file of `--to` where that is given. */
export async function exportEncoderCommand(
  application: Application,
  paths: readonly string[],
  options: RunOptions,
  output: Output,
): Promise<number> {
  const asked = readExportOptions(paths, options);
  if (typeof asked === 'string') {
    output.complain(`fovea: ${asked}`);
    return exitCodes.usage;
  }
  const written = await application.call('export.encoder', asked);
  let file = written.file;
  if (typeof options['to'] === 'string') {
    file = path.resolve(options['to']);
    try {
      await copyFile(written.file, file);
      await rm(written.file);
    } catch (error) {
      throw wordWriteError(error, '--to', file);
    }
  }
  output.result({ ...written, file });
  output.say(
    `Encoder of run ${asked.runId}: ${file} (${written.parameters} parameters, SHA-256 ${written.sha256}). Research use only.`,
  );
  return exitCodes.ok;
}

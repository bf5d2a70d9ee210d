import { insertEvaluation } from '../../../shared/database/evaluations.ts';
import type { WriteDatabase } from '../../../shared/database/open.ts';
import { insertMemory, insertPoint, thinHistory } from '../../../shared/database/run-history.ts';
import { insertPairs } from '../../../shared/database/pairs.ts';
import { insertSignatures, type SignedReading } from '../../../shared/database/signatures.ts';
import {
  clearRun,
  findRun,
  insertMined,
  insertRunReadings,
  updateRun,
} from '../../../shared/database/runs.ts';
import type { RunDetail, RunProgressPoint } from '../../../shared/ipc/answers.ts';
import type { Failure } from '../../../shared/ipc/contract.ts';
import type { TrainerReport } from '../../../shared/trainer-protocol.ts';
import { registerEncoder } from './register-model.ts';

/** What a report changed, for the page. */
export type Written = { readonly stateChanged: boolean; readonly point: RunProgressPoint | null };

const unchanged: Written = { stateChanged: false, point: null };
const changed: Written = { stateChanged: true, point: null };

/** Rows of a curve that are kept at most, and how many are added between two looks at their number. */
const mostPoints = 2000;
const mostMemoryPoints = 1000;
const thinEvery = 100;
/** Milliseconds between two stored figures of memory. */
const memoryEveryMs = 4000;

type SentReading = Extract<TrainerReport, { readonly kind: 'signatures' }>['readings'][number];

const decodeSignatures = ({
  readingId,
  lostShare,
  signatures,
  frames,
}: SentReading): SignedReading => ({
  readingId,
  frames,
  lostShare: lostShare ?? Number.NaN,
  signatures: signatures.map(({ imageId, bytes, reason }) => ({
    imageId,
    signature: reason ?? Buffer.from(bytes ?? '', 'base64'),
  })),
});

/** Writes one run's reports into the database, in small transactions. */
export class RunWriter {
  readonly #database: WriteDatabase;
  readonly #runId: number;
  readonly #nowMs: () => number;
  readonly #dataFolder: string;
  progress: RunDetail['progress'] = null;
  residentBytes: number | null = null;
  #rows = 0;
  #memoryAtMs = Number.NEGATIVE_INFINITY;

  constructor(database: WriteDatabase, runId: number, nowMs: () => number, dataFolder: string) {
    this.#database = database;
    this.#dataFolder = dataFolder;
    this.#runId = runId;
    this.#nowMs = nowMs;
  }

  /** Stores a report; the end of a run is the supervisor's to write. */
  write(report: TrainerReport): Written {
    const database = this.#database;
    const runId = this.#runId;
    switch (report.kind) {
      case 'heartbeat':
        this.#writeMemory(report.residentBytes);
        return unchanged;
      case 'stage':
        updateRun(database, runId, { stage: report.stage });
        this.progress = { done: 0, total: report.total, secondsLeft: null };
        return changed;
      case 'engine':
        updateRun(database, runId, {
          engine: report.engine,
          engineReason: report.reason,
          refusedEngines: JSON.stringify(report.refused),
        });
        return changed;
      case 'notice': {
        const { code, details } = report;
        const before = JSON.parse(findRun(database, runId)?.notices ?? '[]') as Failure[];
        updateRun(database, runId, { notices: JSON.stringify([...before, { code, details }]) });
        return changed;
      }
      case 'restarted':
        clearRun(database, runId);
        return changed;
      case 'readings':
        insertRunReadings(database, runId, report.readingIds);
        return unchanged;
      case 'snapshot':
        updateRun(database, runId, {
          imageCount: report.images,
          leftOutCount: report.leftOut,
          belowGateCount: report.belowGate,
          simulated: Number(report.simulated),
        });
        return changed;
      case 'pairs':
        insertPairs(database, runId, report.measure, report.pairs);
        return unchanged;
      case 'mined':
        insertMined(database, runId, report.threshold, {
          ...report,
          agreement: report.agreement ?? null,
        });
        return changed;
      case 'progress':
        return this.#writeProgress(report);
      case 'signatures':
        insertSignatures(database, report, report.readings.map(decodeSignatures));
        return unchanged;
      case 'evaluation':
        insertEvaluation(database, runId, report.result, this.#nowMs());
        return changed;
      case 'checkpoint':
        return unchanged;
      case 'paused':
        updateRun(database, runId, { state: 'paused' });
        return changed;
      case 'resumed':
        updateRun(database, runId, { state: 'running' });
        return changed;
      case 'ended':
        if (report.encoder !== undefined)
          registerEncoder(database, this.#dataFolder, { runId, ...report.encoder }, this.#nowMs());
        return changed;
      default:
        return report satisfies never;
    }
  }

  #writeMemory(residentBytes: number): void {
    this.residentBytes = residentBytes;
    const atMs = this.#nowMs();
    if (atMs - this.#memoryAtMs < memoryEveryMs) return;
    this.#memoryAtMs = atMs;
    insertMemory(this.#database, this.#runId, { atMs, residentBytes: Math.round(residentBytes) });
    this.#thin();
  }

  #thin(): void {
    this.#rows += 1;
    if (this.#rows % thinEvery !== 0) return;
    thinHistory(this.#database, 'run_point', this.#runId, mostPoints);
    thinHistory(this.#database, 'run_memory', this.#runId, mostMemoryPoints);
  }

  #writeProgress(report: Extract<TrainerReport, { readonly kind: 'progress' }>): Written {
    const { done, total, secondsLeft, step, epoch, loss, learningRate, imagesPerSecond } = report;
    this.progress = { done, total, secondsLeft: secondsLeft ?? null };
    if (
      step === undefined ||
      epoch === undefined ||
      loss === undefined ||
      learningRate === undefined ||
      imagesPerSecond === undefined
    )
      return unchanged;
    const point = {
      step,
      epoch,
      loss,
      learningRate,
      imagesPerSecond,
      embeddingSpread: report.embeddingSpread ?? null,
    };
    insertPoint(this.#database, this.#runId, point);
    this.#thin();
    return { stateChanged: false, point };
  }
}

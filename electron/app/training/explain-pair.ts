import { describeReading } from '../../../shared/database/canonical-gaze.ts';
import { findRecordingId } from '../../../shared/database/gaze.ts';
import { findImage, findStudyOfImage } from '../../../shared/database/images.ts';
import { listLandmarks } from '../../../shared/database/landmarks.ts';
import type { ReadDatabase } from '../../../shared/database/open.ts';
import { findPair, readingBehind } from '../../../shared/database/pairs.ts';
import { listMined } from '../../../shared/database/runs.ts';
import type { CanonicalGaze } from '../../../shared/gaze/canonical.ts';
import { percentileOf } from '../../../shared/gaze/similarity/explain-chance.ts';
import { explainMultimatch } from '../../../shared/gaze/similarity/explain-multimatch.ts';
import { orderClusters } from '../../../shared/gaze/similarity/explain-tima.ts';
import { stationMultimatch } from '../../../shared/gaze/similarity/multimatch.ts';
import { findMeasure } from '../../../shared/gaze/similarity/station-measures.ts';
import { kindOf } from '../../../shared/imaging/pair-rules.ts';
import type { ExplainedSide, PairExplanation } from '../../../shared/ipc/case-answers.ts';
import type { ParsedInput } from '../../../shared/ipc/contract.ts';
import { StationError } from '../../../shared/station-error.ts';
import type { MeasureName } from '../../../shared/training/run-configuration.ts';

const nothing: CanonicalGaze = { points: [], fixations: [], sigmaPx: 1 };

/** Gaze of a reading on one image in the shared frame; nothing where it is gone. */
function gazeOf(database: ReadDatabase, readingId: number | null, imageId: number): CanonicalGaze {
  const image = findImage(database, imageId);
  const recordingId = readingId === null ? undefined : findRecordingId(database, readingId);
  if (readingId === null || recordingId === undefined || image === undefined) return nothing;
  const { cases } = describeReading(
    database,
    { readingId, recordingId },
    new Map([[imageId, { ...image, landmarks: listLandmarks(database, imageId) }]]),
  );
  return cases.find((each) => each.imageId === imageId)?.gaze ?? nothing;
}

function explainSide(
  measure: MeasureName,
  readingId: number | null,
  gaze: CanonicalGaze,
): ExplainedSide {
  const described = findMeasure(measure).describe(gaze);
  return {
    readingId,
    fixations: gaze.fixations,
    sigmaPx: gaze.sigmaPx,
    clusters: measure === 'tima' ? orderClusters(gaze.points) : [],
    reason: typeof described === 'string' ? described : null,
  };
}

/**
 * Why two images are a pair of a run: the gaze of the two readings that the pair names (or the newest that took
 * part), what was aligned, and how each stored number stands to the run's chance pairs of this kind of image.
 * Throws StationError not-found where the run has no such pair.
 */
export function explainPair(
  database: ReadDatabase,
  { runId, measure, imageA, imageB }: ParsedInput<'pair.explain'>,
): PairExplanation {
  const pair = findPair(database, runId, measure, [imageA, imageB]);
  const study = findStudyOfImage(database, imageA);
  const image = findImage(database, imageA);
  if (pair === undefined || study === undefined || image === undefined)
    throw new StationError('not-found', { what: 'pair' });
  const kind = kindOf({ ...study, ...image });
  const group = listMined(database, runId)
    .find((each) => each.measure === measure)
    ?.groups.find((each) => each.group === kind);
  const turned = imageA > imageB;
  const readingOf = (imageId: number, named: number | null): number | null =>
    readingBehind(database, runId, imageId, named)?.readingId ?? null;
  const readingA = readingOf(imageA, turned ? pair.readingB : pair.readingA);
  const readingB = readingOf(imageB, turned ? pair.readingA : pair.readingB);
  const gazeA = gazeOf(database, readingA, imageA);
  const gazeB = gazeOf(database, readingB, imageB);
  const alignment =
    measure === 'multimatch'
      ? explainMultimatch(gazeA.fixations, gazeB.fixations, stationMultimatch)
      : null;
  return {
    kind,
    a: explainSide(measure, readingA, gazeA),
    b: explainSide(measure, readingB, gazeB),
    readingPairs: pair.readingPairs,
    relation: {
      value: pair.relation,
      percentile: percentileOf(group?.chanceCounts ?? [], pair.relation) ?? null,
    },
    similarity: pair.similarity.map((value, k) => ({
      value,
      percentile: percentileOf(group?.chancePartCounts[k] ?? [], value) ?? null,
    })),
    chancePairs: group?.chancePairs ?? 0,
    pValue: pair.pValue,
    qValue: pair.qValue,
    alignment: typeof alignment === 'string' ? null : alignment,
  };
}

import type { RunDetail } from '../../../shared/ipc/answers.ts';
import { demonstrationConfiguration } from '../../../shared/training/run-configuration.ts';

/** A run that has ended, with its curves. */
export function endedRun(runId: number, change: Partial<RunDetail> = {}): RunDetail {
  return {
    runId,
    state: 'done',
    stage: 'save',
    configuration: { ...demonstrationConfiguration, seed: runId, useGaze: runId !== 2 },
    createdAtMs: 1_790_500_000_000,
    startedAtMs: 1_790_500_001_000,
    endedAtMs: 1_790_500_121_000,
    error: null,
    holds: [],
    startedFor: runId === 3 ? 'readings' : 'hand',
    queuePlace: null,
    engine: 'onnx-plain',
    images: 48,
    simulated: true,
    pairs: { multimatch: 97 },
    lastLoss: -0.8 - 0.02 * runId,
    imagesPerSecond: 41,
    encoder: { file: `runs/${runId}/encoder.bin`, sha256: 'ab12'.repeat(16), parameters: 1_234 },
    engineReason: 'It passed the self-check and was the fastest.',
    refusedEngines: [
      { engine: 'onnx-blocked', reason: 'gradients differ by 1.9' },
      { engine: 'webgpu', reason: 'no adapter' },
    ],
    notices: [],
    memory: Array.from({ length: 30 }, (_, k) => ({
      atMs: 1_790_500_001_000 + k * 4000,
      residentBytes: 3e8 + 2e8 * (1 - Math.exp(-k / 4)) + 1e7 * runId * Math.sin(k),
    })),
    progress: null,
    residentBytes: null,
    points: Array.from({ length: 120 }, (_, k) => ({
      step: k + 1,
      epoch: k / 12,
      loss: -0.9 + 0.85 * Math.exp(-k / (15 + 10 * runId)) + 0.02 * Math.sin(k * 1.7 + runId),
      learningRate: 0.05 * (1 + Math.cos((Math.PI * k) / 120)),
      imagesPerSecond: 38 + 2 * runId + 2 * Math.sin(k),
      embeddingSpread: 0.5 + 0.1 * runId * (1 - Math.exp(-k / 30)),
    })),
    mined: [
      {
        measure: 'multimatch',
        images: 48,
        compared: 1114,
        found: 90 + runId,
        undefinedPairs: 14,
        groups: [],
        agreement: null,
      },
    ],
    log: [],
    ...change,
  };
}

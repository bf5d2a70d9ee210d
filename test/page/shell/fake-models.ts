import type {
  Failure,
  ParsedInput,
  RequestName,
  StationBridge,
} from '../../../shared/ipc/contract.ts';
import type {
  AliasChange,
  ModelComparison,
  ModelEvaluation,
  ModelRow,
} from '../../../shared/ipc/model-answers.ts';
import type { Figure } from '../../../shared/training/evaluation-result.ts';

/**
 * Adds a registry of five models to the station in the page: 4 the challenger, judged together with 3, the
 * champion; 2 not evaluated and in part erased; 5 without a file. Sent to the browser as its own text, so it may
 * use nothing from outside of its body.
 */
export function installFakeModels(): void {
  const at = (day: number): number => 1_790_000_000_000 + day * 86_400_000;
  const around = (value: number, half: number): Figure => ({
    value,
    low: value - half,
    high: value + half,
  });
  const evaluation = (id: number, auc: number): ModelEvaluation => ({
    evaluationId: id,
    evaluatedAtMs: at(id),
    classes: ['benign or normal', 'suspicious'],
    labels: 'assessments',
    testPatients: 61,
    testImages: 118,
    simulated: true,
    metrics: [
      { method: 'linear-probe', metric: 'auc', figure: around(auc, 0.041) },
      { method: 'linear-probe', metric: 'balancedAccuracy', figure: around(auc - 0.07, 0.052) },
      { method: 'k-nn', metric: 'auc', figure: around(auc - 0.03, 0.047) },
    ],
  });
  const row = (version: number, change: Partial<ModelRow>): ModelRow => ({
    version,
    runId: version + 6,
    aliases: [],
    createdAtMs: at(version),
    encoder: 'resnet-18',
    method: 'moco-v2',
    positivesFrom: 'multimatch',
    simulated: true,
    erasedReadings: 0,
    erasedImages: 0,
    withdrawnReadings: 0,
    fileDeletedAtMs: null,
    evaluation: null,
    refusal: null,
    ...change,
  });
  let rows: readonly ModelRow[] = [
    row(5, { method: 'simsiam', encoder: 'resnet-10', fileDeletedAtMs: at(6) }),
    row(4, { evaluation: evaluation(10, 0.781) }),
    row(3, { evaluation: evaluation(9, 0.713), positivesFrom: 'by-modality' }),
    row(2, {
      positivesFrom: null,
      erasedReadings: 3,
      erasedImages: 1,
      withdrawnReadings: 2,
      refusal: 'too-few-patients',
    }),
    row(1, { evaluation: evaluation(7, 0.64) }),
  ];
  let history: readonly AliasChange[] = [
    {
      alias: 'champion',
      version: 1,
      kind: 'promoted',
      by: 'Dr. Ada',
      changedAtMs: at(1),
      reason: 'The first one.',
      shown: { championVersion: null, championEvaluationId: null, candidateEvaluationId: 7 },
    },
    {
      alias: 'champion',
      version: 3,
      kind: 'promoted',
      by: 'Dr. Ada',
      changedAtMs: at(3),
      reason: '',
      shown: { championVersion: 1, championEvaluationId: 9, candidateEvaluationId: 9 },
    },
    {
      alias: 'challenger',
      version: 4,
      kind: 'registered',
      by: null,
      changedAtMs: at(4),
      reason: '',
      shown: null,
    },
  ];
  const stack = (): readonly number[] => {
    const held: number[] = [];
    for (const { alias, kind, version } of history)
      if (alias === 'champion' && kind === 'rolled-back') held.pop();
      else if (alias === 'champion' && version !== null) held.push(version);
    return held;
  };
  const models = (): readonly ModelRow[] => {
    const challenger = history.findLast(({ alias }) => alias === 'challenger')?.version;
    return rows.map((each) => ({
      ...each,
      aliases: [
        ...(stack().at(-1) === each.version ? (['champion'] as const) : []),
        ...(challenger === each.version ? (['challenger'] as const) : []),
      ],
    }));
  };
  const find = (version: number): ModelRow => {
    const found = models().find((each) => each.version === version);
    if (found === undefined) throw new Error(`The fake registry has no model ${version}.`);
    return found;
  };
  const compare = (version: number, other: number | null): ModelComparison => {
    const candidate = find(version);
    const against = other ?? stack().at(-1) ?? null;
    const champion = against === null || against === version ? null : find(against);
    const [a, b] = [candidate.evaluation, champion?.evaluation ?? null];
    const together = version === 4 && champion?.version === 3;
    return {
      candidate,
      champion,
      missing:
        champion === null
          ? 'no-champion'
          : a === null || b === null
            ? 'not-evaluated'
            : together
              ? null
              : 'not-together',
      shown: {
        championVersion: champion?.version ?? null,
        championEvaluationId: b === null ? null : together ? 10 : b.evaluationId,
        candidateEvaluationId: a?.evaluationId ?? null,
      },
      rows:
        (a ?? b)?.metrics.map(({ method, metric }, index) => {
          const of = (held: ModelEvaluation | null): Figure | null =>
            held?.metrics[index]?.figure ?? null;
          return {
            method,
            metric,
            candidate: of(a),
            champion: of(b),
            difference: together ? around(0.068, [0.031, 0.09, 0.05][index] ?? 0.1) : null,
          };
        }) ?? [],
    };
  };
  const change = (kind: AliasChange['kind'], version: number, reason: string): AliasChange => {
    const shown = kind === 'promoted' ? compare(version, null).shown : null;
    const made = {
      alias: 'champion',
      version,
      kind,
      by: 'Reader',
      changedAtMs: at(9),
      reason,
      shown,
    } as const;
    history = [...history, made];
    if (history.findLast(({ alias }) => alias === 'challenger')?.version === version)
      history = [...history, { ...made, alias: 'challenger', version: null }];
    return made;
  };
  const refuse = (code: string, details: Failure['details']): Error =>
    Object.assign(new Error(code), { failure: { code, details } });
  const handlers: { readonly [Name in RequestName]?: (input: ParsedInput<Name>) => unknown } = {
    'model.list': () => ({ models: models(), history, rollBackTo: stack().at(-2) ?? null }),
    'model.get': ({ version }) => ({
      ...find(version),
      file: `models/${'ab12'.repeat(16)}.safetensors`,
      sha256: 'ab12'.repeat(16),
      parameters: 11_176_512,
      fileState: find(version).fileDeletedAtMs === null ? 'whole' : 'deleted',
      appVersion: '0.1.0',
      engine: 'ONNX Runtime CPU, plain graph',
      lineage: {
        readings: 96,
        images: 402,
        readers: [
          { reader: 'reader-1f00aa12', readings: 61, simulated: 0, withdrawn: version === 2 },
          { reader: 'simulated-1', readings: 32, simulated: 32, withdrawn: false },
          ...(version === 2 ? [{ reader: null, readings: 3, simulated: 0, withdrawn: false }] : []),
        ],
        imagesBy: [
          { modality: 'MG', images: 368, simulated: 368 },
          { modality: 'OP', images: 34, simulated: 0 },
        ],
        sources: [
          { source: 'simulated', readings: 32 },
          { source: 'webgazer', readings: 61 },
        ],
        pairs: [
          { measure: 'difference-hash', pairs: 1204 },
          { measure: 'multimatch', pairs: 811 },
        ],
        readingList: [],
      },
    }),
    'model.compare': ({ version, with: other }) => compare(version, other ?? null),
    'model.delete-file': ({ version }) => {
      rows = rows.map((each) =>
        each.version === version ? { ...each, fileDeletedAtMs: at(10) } : each,
      );
      return find(version);
    },
    'model.of-reading': ({ readingId }) => ({ versions: readingId === 1 ? [3, 4] : [] }),
    'export.model': ({ version, format }) => ({
      file: `/home/reader/fovea/exports/model-${version}.${format}`,
      sha256: 'cd34'.repeat(16),
      parameters: 11_176_512,
    }),
    // A file whose name holds "18" fits ResNet-18, and any model does; other files fit nothing.
    'weights.check': ({ initialWeights, encoder }) => {
      if (initialWeights.from === 'random') return { adapted: [] };
      const file = initialWeights.from === 'file' ? initialWeights.name : '';
      const fits = initialWeights.from === 'model' || encoder === 'resnet-18';
      if (file !== '' && !file.includes('18'))
        throw refuse('weights-unreadable', {
          file,
          reason: 'it is cut off; copy or export it again',
        });
      if (!fits) {
        const problems = `Missing (60): ${Array.from({ length: 60 }, (_, i) => `layer${i}.weight`).join(', ')}`;
        throw refuse('weights-do-not-fit', { file, encoder, problems, fits: 'resnet-18' });
      }
      return { adapted: file === '' ? [] : ['conv1.weight: adapted from 1 to 3 channels'] };
    },
    'model.promote': ({ version, reason }) => change('promoted', version, reason),
    'model.rollback': () => change('rolled-back', stack().at(-2) ?? 0, ''),
    'model.card': ({ version }) => ({
      version,
      file: `models/model-${version}.md`,
      text: `# Model ${version}: resnet-18, moco-v2\n\n**Research use only. Not for diagnosis.**\n\n## Intended use\n\nResearch on gaze-guided pre-training.\n`,
    }),
  };
  const page = window as unknown as {
    station: StationBridge;
    fake: { calls: { name: string; input: unknown }[] };
  };
  const { station } = page;
  page.station = {
    on: (topic, listener) => station.on(topic, listener),
    call: async (name, input) => {
      const handler = (handlers as Record<string, ((input: unknown) => unknown) | undefined>)[name];
      if (handler === undefined) return station.call(name, input);
      page.fake.calls.push({ name, input });
      try {
        return await Promise.resolve({ ok: true, value: structuredClone(handler(input)) });
      } catch (thrown) {
        const { failure } = thrown as { readonly failure?: Failure };
        if (failure === undefined) throw thrown;
        return { ok: false, error: failure };
      }
    },
  };
}

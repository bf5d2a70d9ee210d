import type { PairSide } from '../../../shared/ipc/answers.ts';
import type { ParsedInput, RequestName, StationBridge } from '../../../shared/ipc/contract.ts';

/**
 * Adds to the station in the page what pairs and cases ask for: filters, explanations, replays and similar
 * cases. Sent to the browser as its own text, so it may use nothing from outside of its body.
 */
export function installFakeCases(): void {
  const pick = <Value>(values: readonly Value[], index: number): Value => {
    const value = values[index % values.length];
    if (value === undefined) throw new Error('An empty list has nothing to pick.');
    return value;
  };
  const patientOf = (index: number): string => `Phantom ${String(index + 1).padStart(5, '0')}`;
  const side = (index: number): PairSide => ({
    image: {
      imageId: index + 1,
      url: '/phantom.png',
      format: 'png',
      laterality: pick(['L', 'R'] as const, index),
      viewPosition: pick(['CC', 'MLO'], index),
      // Every third one is wider than high, as fundus photographs are.
      rows: index % 3 === 2 ? 480 : 640,
      columns: index % 3 === 2 ? 720 : 512,
      frames: 1,
      transferSyntax: null,
      simulated: true,
      attribution: '',
    },
    studyId: index + 1,
    patient: patientOf(index),
    modality: 'MG',
    readingId: index + 1,
    simulated: true,
  });

  /** A reading that rests at six places of its image, one pane of 400 x 400 CSS pixels. */
  const replayOf = (readingId: number): unknown => {
    const { image } = side(readingId - 1);
    const places = Array.from({ length: 6 }, (_, k) => [
      60 + 50 * k + 7 * (readingId % 3),
      120 + 60 * (k % 3),
    ]);
    return {
      readingId,
      studyId: readingId,
      patient: patientOf(readingId - 1),
      modality: 'MG',
      reader: `R-${readingId % 3}`,
      state: 'finished',
      startedAtMs: 1_790_000_000_000,
      durationMs: 20_000,
      assessment: 'benign',
      note: '',
      gazeSource: 'simulated',
      samples: 240,
      simulated: true,
      screen: {
        screenWidthMm: null,
        screenWidthDip: null,
        viewingDistanceMm: null,
        gazeErrorDip: null,
      },
      study: { imageList: [image], priors: [] },
      sampleList: places.flatMap(([xDip = 0, yDip = 0], k) =>
        Array.from({ length: 15 + 3 * k }, (_, n) => ({
          tUs: (k * 40 + n) * 20_000,
          xDip,
          yDip,
          valid: true,
          confidence: null,
        })),
      ),
      stateList: [
        {
          tUs: 0,
          pane: 0,
          imageId: image.imageId,
          frame: 0,
          contentXDip: 0,
          contentYDip: 0,
          zoomFactor: 1,
          devicePixelRatio: 1,
          xCss: 0,
          yCss: 0,
          widthCss: 400,
          heightCss: 400,
          m00: image.columns / 400,
          m01: 0,
          m02: 0,
          m10: 0,
          m11: image.rows / 400,
          m12: 0,
          windowCenter: null,
          windowWidth: null,
          invert: false,
          visible: true,
        },
      ],
      eventList: [],
    };
  };

  const handlers: { readonly [Name in RequestName]?: (input: ParsedInput<Name>) => unknown } = {
    'pair.choices': () => ({
      readers: ['R-1', 'R-2', 'R-3'],
      modalities: ['MG', 'OP'],
      views: ['CC', 'MLO'],
    }),
    'pair.explain': ({ measure }) => {
      const number = (value: number) => ({ value, percentile: value });
      const fixations = Array.from({ length: 6 }, (_, k) => ({
        x: 120 + 110 * k,
        y: 200 + 90 * (k % 3),
        duration: 200 + 40 * k,
      }));
      const looks = [0, 1, 3].map((from, k) => ({
        from,
        to: [1, 3, 5][k] ?? 5,
        x: 120 + 110 * from,
        y: 200,
        endX: 230,
        endY: 290,
        duration: 240,
      }));
      const steps = [
        [0, 0],
        [1, 1],
        [1, 2],
        [2, 2],
      ].map(([a = 0, b = 0], k) => ({
        a,
        b,
        shape: 60 * k,
        direction: 0.3 * k,
        length: 30 * k,
        position: 90 * k,
        duration: 0.2 * k,
      }));
      const side = { readingId: 1, fixations, sigmaPx: 24, clusters: [], reason: null };
      return {
        kind: 'MG CC',
        a: side,
        b: side,
        readingPairs: 3,
        relation: number(0.97),
        similarity: [0.98, 0.91, 0.95, 0.88, 0.73].map(number),
        chancePairs: 4000,
        pValue: 0.001,
        qValue: 0.02,
        alignment: measure === 'multimatch' ? { saccadesA: looks, saccadesB: looks, steps } : null,
      };
    },
    'reading.replay': ({ readingId }) => replayOf(readingId),
    'reading.similar': ({ measure }) => ({
      measure,
      reason: null,
      cases: Array.from({ length: 6 }, (_, k) => ({
        readingId: k + 2,
        image: side(k + 1).image,
        studyId: k + 2,
        patient: patientOf(k + 1),
        modality: 'MG',
        reader: `R-${(k % 3) + 1}`,
        startedAtMs: 1_790_000_000_000 - k * 86_400_000,
        assessment: pick(['suspicious', 'benign', 'normal'] as const, k),
        simulated: true,
        relation: 0.97 - 0.03 * k,
        percentile: 0.999 - 0.02 * k,
      })),
      candidates: 48_211,
      notYetDescribed: 12,
      chanceRunId: 1,
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
      return Promise.resolve({ ok: true, value: structuredClone(handler(input)) });
    },
  };
}

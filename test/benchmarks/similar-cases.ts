// Cases looked at like one among many readings: node test/benchmarks/similar-cases.ts [readings] (default
// 100000). Scanpaths are seeded random walks of 12 to 30 fixations, not gaze: about the speed. Recall, by contrast,
// is measured on 3,000 of them and on as many jittered scanpaths of ../shared/golden where that folder exists.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSimilarCases, nearestCompared } from '../../electron/app/similar/similar-cases.ts';
import { takeHighest } from '../../electron/app/similar/nearest.ts';
import { openDatabase } from '../../shared/database/open.ts';
import type { CanonicalGaze } from '../../shared/gaze/canonical.ts';
import { findMeasure } from '../../shared/gaze/similarity/station-measures.ts';
import { createRandom, type Random } from '../../shared/random.ts';

const count = Number(process.argv[2] ?? 100_000);
const say = (figures: Record<string, unknown>): void => console.log(JSON.stringify(figures));
const random = createRandom(4);

function randomWalk(from: Random): CanonicalGaze {
  const fixations = Array.from({ length: 12 + from.below(19) }, () => ({
    x: 800 * from.next(),
    y: 800 * from.next(),
    duration: 100 + 400 * from.next(),
  }));
  return {
    fixations,
    sigmaPx: 24,
    points: fixations.map(({ x, y }) => [Math.floor(x), Math.floor(y)] as const),
  };
}

/** Real scanpaths of the golden set, fixations moved by up to 20 px and 20 % of their time, for more of them. */
function jitteredGolden(n: number): readonly CanonicalGaze[] | undefined {
  const file = path.resolve(import.meta.dirname, '../../../shared/golden/scanpaths.json');
  if (!existsSync(file)) return undefined;
  const { scanpaths } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly scanpaths: readonly {
      readonly screen: readonly [number, number];
      readonly fix: Readonly<Record<'x' | 'y' | 'duration', readonly number[]>>;
    }[];
  };
  const inside = (value: number): number =>
    Math.min(799, Math.max(0, value + 40 * (random.next() - 0.5)));
  return Array.from({ length: n }, (_, k): CanonicalGaze => {
    const { fix, screen } = scanpaths[k % scanpaths.length] ?? { fix: undefined, screen: [1, 1] };
    const fixations = (fix?.x ?? []).map((x, i) => ({
      x: inside((x * 800) / screen[0]),
      y: inside(((fix?.y[i] ?? 0) * 800) / screen[1]),
      duration: 1000 * (fix?.duration[i] ?? 0) * (0.8 + 0.4 * random.next()),
    }));
    return {
      fixations,
      sigmaPx: 24,
      points: fixations.map(({ x, y }) => [Math.floor(x), Math.floor(y)] as const),
    };
  });
}

/**
 * Share of the true 20 most alike by MultiMatch that are among the nearest by another measure, of which as large
 * a share is taken as 2,000 are of 100,000.
 */
function recall(source: string, gaze: readonly CanonicalGaze[]): void {
  const opened = (['multimatch', 'heatmap-cosine', 'difference-hash'] as const).map((name) => {
    const measure = findMeasure(name);
    const compared = measure.open();
    for (const each of gaze) compared.add(measure.describe(each));
    return { name, compared };
  });
  const row = new Float32Array(gaze.length);
  const numbers = Array.from(gaze.keys());
  const kept = { 'heatmap-cosine': 0, 'difference-hash': 0, multimatch: 0 };
  // Gaze that MultiMatch cannot compare has no answer.
  const queries = Array.from({ length: 60 }, () => random.below(gaze.length))
    .filter((own) => opened[0]?.compared.reason(own) === undefined)
    .slice(0, 30);
  for (const own of queries) {
    const near = opened.map(({ name, compared }) => {
      compared.compareRow(own, 0, gaze.length, row);
      row[own] = Number.NaN;
      const wanted =
        name === 'multimatch' ? 20 : Math.round((nearestCompared / 100_000) * gaze.length);
      return { name, cases: takeHighest(row, numbers, wanted).map((each) => each.case) };
    });
    const best = near[0]?.cases ?? [];
    for (const { name, cases } of near) {
      const set = new Set(cases);
      kept[name] += best.filter((each) => set.has(each)).length / (20 * queries.length);
    }
  }
  say({ what: 'recall of the 20 most alike by MultiMatch', source, cases: gaze.length, ...kept });
}

const folder = mkdtempSync(path.join(tmpdir(), 'fovea-similar-'));
const database = openDatabase(path.join(folder, 'fovea.sqlite'), {
  backupFolder: path.join(folder, 'backups'),
  nowMs: () => 1,
});
try {
  const pool = Array.from({ length: 400 }, () => randomWalk(random));
  database.transaction(() => {
    database.exec(
      `INSERT INTO user (id, name, pseudonym, role, simulated, created_at_ms) VALUES (1, 'r', 'r', 'reader', 1, 0)`,
    );
    const study = database.prepare(`INSERT INTO study VALUES (?, ?, ?, '', '', 'OP', '', 1, 0, 0)`);
    const image = database.prepare(
      `INSERT INTO image (id, study_id, sha256, format, file_bytes, original_name, row_count, column_count, frame_count,
         simulated) VALUES (?, ?, ?, 'png', 1, '', 64, 64, 1, 1)`,
    );
    const reading = database.prepare(
      `INSERT INTO reading (id, study_id, user_id, state, started_at_ms, ended_at_ms, assessment)
       VALUES (?, ?, 1, 'finished', 0, 1, 'normal')`,
    );
    const recording = database.prepare(
      `INSERT INTO gaze_recording (id, reading_id, source, simulated, device, app_version, started_at_ms)
       VALUES (?, ?, 'simulated', 1, '', '', 0)`,
    );
    const described = database.prepare('INSERT INTO described_reading VALUES (?, ?, ?, 0)');
    const signature = database.prepare('INSERT INTO signature VALUES (?, ?, ?, ?, ?, NULL)');
    const measures = (['difference-hash', 'multimatch'] as const).map((name) => {
      const measure = findMeasure(name);
      const bytes = pool.map((gaze) => measure.describe(gaze));
      return { measure, bytes };
    });
    for (let id = 1; id <= count; id += 1) {
      study.run(id, `s${id}`, `p${id}`);
      image.run(id, id, String(id).padStart(64, '0'));
      reading.run(id, id);
      recording.run(id, id);
      for (const { measure, bytes } of measures) {
        const found = bytes[random.below(bytes.length)];
        if (found === undefined || typeof found === 'string') continue;
        described.run(measure.name, measure.version, id);
        signature.run(measure.name, measure.version, id, id, found);
      }
    }
  })();
  const handlers = createSimilarCases(database, () => 1);
  for (const measure of ['difference-hash', 'multimatch'] as const) {
    const ask = (readingId: number) =>
      handlers['reading.similar']({
        readingId,
        imageId: readingId,
        measure,
        limit: 20,
        sameReader: false,
      });
    const loadMs = performance.now();
    const first = await ask(1);
    const firstMs = performance.now() - loadMs;
    const times: number[] = [];
    for (let n = 0; n < 100; n += 1) {
      const startMs = performance.now();
      await ask(1 + random.below(count));
      times.push(performance.now() - startMs);
    }
    times.sort((a, b) => a - b);
    say({
      measure,
      readings: count,
      stage: first.stage,
      compared: first.compared,
      firstWithLoadMs: Math.round(firstMs),
      p50Ms: Math.round((times[50] ?? 0) * 10) / 10,
      p95Ms: Math.round((times[95] ?? 0) * 10) / 10,
    });
  }
} finally {
  database.close();
  rmSync(folder, { recursive: true });
}
const many = 3000;
recall(
  'seeded random scanpaths',
  Array.from({ length: many }, () => randomWalk(random)),
);
const golden = jitteredGolden(many);
if (golden === undefined) say({ what: 'recall', source: '../shared/golden is absent' });
else recall('golden scanpaths, jittered', golden);

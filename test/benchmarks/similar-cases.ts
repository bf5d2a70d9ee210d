// Cases looked at like one among many readings: node test/benchmarks/similar-cases.ts [readings] (default
// 100000). Scanpaths are seeded random walks of 12 to 30 fixations, not gaze: it is about the speed. Every case
// is compared, so none that is alike is missed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSimilarCases } from '../../electron/app/similar/similar-cases.ts';
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
    const measures = (['difference-hash', 'multimatch', 'tima', 'heatmap-cosine'] as const).map(
      (name) => {
        const measure = findMeasure(name);
        const bytes = pool.map((gaze) => measure.describe(gaze));
        return { measure, bytes };
      },
    );
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
      candidates: first.candidates,
      firstWithLoadMs: Math.round(firstMs),
      p50Ms: Math.round((times[50] ?? 0) * 10) / 10,
      p95Ms: Math.round((times[95] ?? 0) * 10) / 10,
    });
  }
} finally {
  database.close();
  rmSync(folder, { recursive: true });
}

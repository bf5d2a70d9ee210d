#!/usr/bin/env node
// Refuses a Node that is too old before anything native is loaded: better-sqlite3 would end it without a word.
if (Number(process.versions.napi) < 10) {
  process.stderr.write(
    `fovea: Node ${process.versions.node} is too old. Fovea needs Node 22.12 or newer with Node-API 10 (24 is best): run it as "npm run fovea", which brings its own, or install Node 24.\n`,
  );
  process.exit(1);
}
const { main } = await import('../electron/cli.ts');
process.exitCode = await main(process.argv.slice(2));

// Loaded before anything else, in the main process and in utility processes: makes `electron` resolve to
// the stand-in for both import and require, and gives the process the marks that Electron gives it.
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (
      specifier === 'electron' ||
      specifier === 'electron/main' ||
      specifier === 'electron/common'
    )
      return { url: standIn, format: 'module-typescript', shortCircuit: true };
    return next(specifier, context);
  },
});

/** The child's end of a utility process, as Electron gives it on `process.parentPort`. */
class ParentPort extends EventEmitter {
  postMessage(message: unknown): void {
    process.send?.(message);
  }
  start(): void {}
}

if (process.env['STANDIN_UTILITY'] === '1') {
  delete process.env['STANDIN_UTILITY'];
  const port = new ParentPort();
  process.on('message', (message) => port.emit('message', { data: message, ports: [] }));
  // Electron ends a utility process whose main process is gone.
  process.on('disconnect', () => process.exit(1));
  Object.defineProperty(process, 'parentPort', { value: port });
  Object.defineProperty(process, 'type', { value: 'utility' });
} else {
  Object.defineProperty(process, 'type', { value: 'browser' });
}
const version = readFileSync(new URL('./version', import.meta.url), 'utf8').trim();
Object.defineProperty(process.versions, 'electron', { value: version, enumerable: true });
/** How the product can tell that it runs in installed Chromium. */
Object.defineProperty(process.versions, 'standin', { value: '1', enumerable: true });

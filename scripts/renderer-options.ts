import path from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

/**
 * Vite's options for a page of the station: the product's own (`renderer/`) and the small pages of the
 * tests. The `events` alias keeps vtk.js alive in a browser; workers are ES modules for cornerstone.
 */
export function rendererOptions(root: string, outFolder: string): InlineConfig {
  return {
    configFile: false,
    root,
    base: './',
    logLevel: 'warn',
    plugins: [react()],
    resolve: { alias: { events: path.resolve(import.meta.dirname, '../node_modules/events/') } },
    worker: { format: 'es' },
    build: {
      outDir: outFolder,
      emptyOutDir: true,
      target: 'es2024',
      chunkSizeWarningLimit: 8000,
      assetsInlineLimit: 0,
    },
  };
}

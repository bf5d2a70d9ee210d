// node --import ./test/compile-cache.ts --test ...: what one process of a test run compiled, types stripped, the next
// ones take from a folder. A run starts some hundred processes, most of which load the same files.
import { enableCompileCache } from 'node:module';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../node_modules/.cache/node-compile');
process.env['NODE_COMPILE_CACHE'] ??= folder;
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

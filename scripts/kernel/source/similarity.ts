// AssemblyScript: compiled by `npm run kernel` into shared/gaze/similarity/kernel.generated.ts. What is computed
// here equals what the TypeScript beside that file computes: the same IEEE operations in the same order. The
// memory belongs to the caller; its first 1,024 bytes hold parameters and answers.

export { dot, dotRow } from './maps';
export { hashRow } from './hashes';
export { compareScanpaths, scanpathRow, scanpathScratch } from './scanpaths';
export { compareSequences, sequenceRow, sequenceScratch } from './sequences';

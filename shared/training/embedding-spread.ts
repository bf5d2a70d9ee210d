/**
 * Below this spread (0: all alike, about 1: evenly spread) the embeddings of a run that has begun to learn are nearly
 * alike: runs without gaze reach 0.4 and more, runs in which positives drown the own views 0.1 to 0.25
 * (docs/twin-run.md). A run is ended only far below, at 0.02.
 */
export const leastSpread = 0.2;

import type { Settings } from '../../shared/ipc/answers.ts';
import { station } from '../station.ts';
import type { GazeSource } from './gaze-source.ts';
import { PointerSource } from './pointer-source.ts';
import { ReplaySource } from './replay-source.ts';
import { WebgazerSource } from './webgazer-source.ts';

/** The source that the settings choose, or undefined where it is off. */
export async function createGazeSource(settings: Settings): Promise<GazeSource | undefined> {
  switch (settings.gazeSource) {
    case 'webgazer':
      return new WebgazerSource();
    case 'pointer':
      return new PointerSource();
    case 'replay': {
      if (settings.replayReadingId === null) return new ReplaySource(0, []);
      const { sampleList } = await station.ask('reading.replay', {
        readingId: settings.replayReadingId,
      });
      return new ReplaySource(settings.replayReadingId, sampleList);
    }
    case 'off':
      return undefined;
    default:
      return settings.gazeSource satisfies never;
  }
}

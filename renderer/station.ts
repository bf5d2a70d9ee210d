import type { Answer, Input, RequestName, TopicName, Topics } from '../shared/ipc/contract.ts';
import { StationError, stationErrorCodes } from '../shared/station-error.ts';
import type { StationErrorCode } from '../shared/station-error.ts';

/** The code as the page knows it; one that it does not know becomes `internal`. */
export function toCode(code: string): StationErrorCode {
  return stationErrorCodes.find((known) => known === code) ?? 'internal';
}

/** Whatever was thrown, as a StationError: unexpected failures become `internal` with their words in `message`. */
export function toStationError(thrown: unknown): StationError {
  if (thrown instanceof StationError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new StationError('internal', { message }, { cause: thrown });
}

/** The page's way to main: requests with typed answers, and topics that main tells by itself. */
export const station = {
  /** Resolves with main's answer; every failure rejects with a StationError. */
  async ask<Name extends RequestName>(name: Name, input: Input<Name>): Promise<Answer<Name>> {
    const reply = await window.station.call(name, input).catch((thrown: unknown) => {
      throw toStationError(thrown);
    });
    if (reply.ok) return reply.value as Answer<Name>;
    throw new StationError(toCode(reply.error.code), reply.error.details);
  },

  /** Listens to a topic; the function it gives stops listening. */
  on<Topic extends TopicName>(topic: Topic, listener: (value: Topics[Topic]) => void): () => void {
    return window.station.on(topic, (value) => listener(value as Topics[Topic]));
  },
};

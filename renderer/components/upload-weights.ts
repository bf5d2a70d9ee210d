import type { Reply } from '../../shared/ipc/contract.ts';
import { StationError } from '../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../shared/training/initial-weights.ts';
import { toCode } from '../station.ts';

/** Hands a file of weights over to the station, where the host has no dialog of its own. Throws StationError. */
export async function uploadWeights(file: File): Promise<InitialWeightsChoice> {
  let reply: Reply<unknown>;
  try {
    const answer = await fetch(`/weights?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      body: file,
    });
    reply = (await answer.json()) as Reply<unknown>;
  } catch (error) {
    throw new StationError(
      'weights-unreadable',
      { file: file.name, reason: 'it could not be handed over; choose it again' },
      { cause: error },
    );
  }
  if (!reply.ok) throw new StationError(toCode(reply.error.code), reply.error.details);
  return reply.value as InitialWeightsChoice;
}

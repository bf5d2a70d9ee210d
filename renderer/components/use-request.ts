import { useCallback, useEffect, useState } from 'react';
import type { Answer, Input, RequestName } from '../../shared/ipc/contract.ts';
import type { StationError } from '../../shared/station-error.ts';
import { station, toStationError } from '../station.ts';

/** A request of the page: its newest answer, and what went wrong with the newest try. */
export type Asked<Value> = {
  readonly value: Value | undefined;
  readonly error: StationError | undefined;
  /** Asks once more; the old answer stays until the new one is there. */
  readonly askAgain: () => void;
};

type Held<Value> = {
  readonly key: string;
  readonly round: number;
  readonly value?: Value;
  readonly error?: StationError;
};

/** Asks when first shown and whenever `input` changes in content; null asks nothing. */
export function useRequest<Name extends RequestName>(
  name: Name,
  input: Input<Name> | null,
): Asked<Answer<Name>> {
  const key = JSON.stringify(input);
  const [round, setRound] = useState(0);
  const [held, setHeld] = useState<Held<Answer<Name>>>({ key, round });

  useEffect(() => {
    const asked = JSON.parse(key) as Input<Name> | null;
    if (asked === null) return undefined;
    let wanted = true;
    const ask = async (): Promise<void> => {
      try {
        const value = await station.ask(name, asked);
        if (wanted) setHeld({ key, round, value });
      } catch (thrown) {
        if (wanted) setHeld({ key, round, error: toStationError(thrown) });
      }
    };
    void ask();
    return () => {
      wanted = false;
    };
  }, [name, key, round]);

  const askAgain = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  const current = held.key === key;
  return {
    value: current ? held.value : undefined,
    error: current ? held.error : undefined,
    askAgain,
  };
}

import { type ReactNode, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import { StationError } from '../../shared/station-error.ts';
import type { InitialWeightsChoice } from '../../shared/training/initial-weights.ts';
import { type EncoderName, encoderNames } from '../../shared/training/run-configuration.ts';
import { messages } from '../messages/en.ts';
import { fill } from '../messages/fill.ts';
import { station, toStationError } from '../station.ts';
import { useStationState } from '../store.ts';
import { ErrorLine } from './error-line.tsx';
import { uploadWeights } from './upload-weights.ts';
import type { WeightsCheck } from './use-weights-check.ts';
import styles from './run-form.module.css';

const words = messages.runForm;

function wordChoice(choice: InitialWeightsChoice): string {
  switch (choice.from) {
    case 'random':
      return words.random;
    case 'file':
      return fill(words.file, { name: choice.name });
    case 'model':
      return fill(words.model, { version: String(choice.version) });
    default:
      return choice satisfies never;
  }
}

type InitialWeightsFieldProps = {
  readonly choice: InitialWeightsChoice;
  readonly encoder: EncoderName;
  readonly check: WeightsCheck;
  /** Said while the run begins at random. */
  readonly hint: string | null;
  readonly onChange: (choice: InitialWeightsChoice) => void;
  readonly onEncoder: (encoder: EncoderName) => void;
};

/** What the looking has found: that the weights fit, or every tensor that does not. */
function Found({
  encoder,
  check,
  onEncoder,
}: Pick<InitialWeightsFieldProps, 'encoder' | 'check' | 'onEncoder'>): ReactNode {
  const name = messages.training.encoders[encoder];
  if (check.state === 'checking')
    return (
      <p role="status" className={styles['explain']}>
        {words.checking}
      </p>
    );
  if (check.state === 'refused') {
    const other = encoderNames.find((each) => each === check.error.details['fits']);
    return (
      <>
        <div className={styles['refusal']} tabIndex={0}>
          <ErrorLine error={check.error} />
        </div>
        {other !== undefined && (
          <Button onPress={() => onEncoder(other)}>
            {fill(words.takeEncoder, { encoder: messages.training.encoders[other] })}
          </Button>
        )}
      </>
    );
  }
  if (check.state === 'fits')
    return (
      <p role="status" className={styles['explain']} data-testid="weights-fit">
        {[fill(words.fits, { encoder: name }), ...check.adapted].join(' ')}
      </p>
    );
  return null;
}

/** Where the weights begin: at random, or a file that the host's own dialog (or the browser's) chooses. */
export function InitialWeightsField(props: InitialWeightsFieldProps): ReactNode {
  const { choice, encoder, check, hint, onChange, onEncoder } = props;
  const { nativeDialogs } = useStationState();
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<StationError>();
  const take = async (chosen: Promise<InitialWeightsChoice | null>): Promise<void> => {
    try {
      setError(undefined);
      const choice = await chosen;
      if (choice !== null) onChange(choice);
    } catch (thrown) {
      setError(toStationError(thrown));
    }
  };
  return (
    <fieldset className={styles['weights']} data-testid="initial-weights">
      <legend>{words.weights}</legend>
      <strong>{wordChoice(choice)}</strong>
      <div className={styles['buttons']}>
        <Button
          onPress={() => {
            if (nativeDialogs) void take(station.ask('weights.choose', {}));
            else input.current?.click();
          }}
        >
          {words.chooseFile}
        </Button>
        {choice.from !== 'random' && (
          <Button onPress={() => onChange({ from: 'random' })}>{words.beginAtRandom}</Button>
        )}
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept=".safetensors,.onnx"
        data-testid="choose-weights"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file !== undefined) void take(uploadWeights(file));
          target.value = '';
        }}
      />
      {choice.from === 'random' && hint !== null && <p className={styles['explain']}>{hint}</p>}
      {error !== undefined && <ErrorLine error={error} />}
      <Found encoder={encoder} check={check} onEncoder={onEncoder} />
    </fieldset>
  );
}

import type { ReactNode } from 'react';
import { Checkbox, Radio } from 'react-aria-components';

type TickBoxProps = {
  readonly children: ReactNode;
  readonly isSelected: boolean;
  readonly isDisabled?: boolean;
  readonly onChange: (selected: boolean) => void;
};

/** A checkbox with its tick drawn as a sign, so that its state does not hang on colour. */
export function TickBox({
  children,
  isSelected,
  isDisabled = false,
  onChange,
}: TickBoxProps): ReactNode {
  return (
    <Checkbox isSelected={isSelected} isDisabled={isDisabled} onChange={onChange}>
      <span className="tick" aria-hidden="true">
        {isSelected ? '✓' : ''}
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}

/** One choice of a RadioGroup, its mark drawn as a sign. */
export function RadioMark({
  value,
  children,
}: {
  readonly value: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Radio value={value}>
      {({ isSelected }) => (
        <>
          <span className="tick" aria-hidden="true">
            {isSelected ? '●' : ''}
          </span>
          <span>{children}</span>
        </>
      )}
    </Radio>
  );
}

import type { ReactNode } from 'react';
import { engineChoices } from '../../shared/training/engine-names.ts';
import {
  measureNames,
  minedMeasures,
  positiveSources,
  readerPolicies,
  type RunConfiguration,
} from '../../shared/training/run-configuration.ts';
import { recipeNames } from '../../shared/training/view-recipes.ts';
import { messages } from '../messages/en.ts';
import { SelectField } from './fields.tsx';
import { usualOptimizers } from './optimizer-fields.ts';
import { moreFields, thresholdFields, type FieldPart } from './run-fields.ts';
import { RunNumbers } from './run-numbers.tsx';
import { TickBox } from './tick-box.tsx';
import { wordMeasures } from './word-measures.ts';
import styles from './run-form.module.css';

const words = messages.runForm;
const { fields, measures, readerPolicies: policies, chanceExplain } = messages.training;

type RunSettingsProps = {
  readonly configuration: RunConfiguration;
  readonly onChange: (replace: (before: RunConfiguration) => RunConfiguration) => void;
};

type PartProps = RunSettingsProps & { readonly change: (part: Partial<RunConfiguration>) => void };

function Part({
  name,
  children,
}: {
  readonly name: FieldPart;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <fieldset className={styles['part']}>
      <legend>{words.parts[name]}</legend>
      {children}
    </fieldset>
  );
}

/** Which images count as looked at alike. */
function PairSettings({ configuration, onChange, change }: PartProps): ReactNode {
  return (
    <Part name="pairs">
      <div className={styles['fields']}>
        <div className={styles['wide']}>
          <SelectField
            label={fields.positivesFrom}
            value={configuration.positivesFrom}
            options={positiveSources.map((value) => ({ value, text: measures[value] }))}
            onChange={(positivesFrom) => positivesFrom !== null && change({ positivesFrom })}
          />
        </div>
        <div className={styles['wide']}>
          <SelectField
            label={fields.readerPolicy}
            value={configuration.readerPolicy}
            options={readerPolicies.map((value) => ({ value, text: policies[value] }))}
            onChange={(readerPolicy) => readerPolicy !== null && change({ readerPolicy })}
          />
        </div>
        <RunNumbers
          fields={[...thresholdFields(configuration), ...moreFields.pairs]}
          configuration={configuration}
          onChange={onChange}
        />
      </div>
      {configuration.positivesFrom === 'by-modality' && (
        <p className={styles['explain']}>{wordMeasures(configuration)}</p>
      )}
      <TickBox
        isSelected={configuration.falsePositiveRate !== null}
        onChange={(chance) => change({ falsePositiveRate: chance ? 0.01 : null })}
      >
        {fields.chance}
      </TickBox>
      <p className={styles['explain']}>{chanceExplain}</p>
      <TickBox
        isSelected={configuration.samePatientPairs}
        onChange={(samePatientPairs) => change({ samePatientPairs })}
      >
        {fields.samePatientPairs}
      </TickBox>
      <fieldset className={styles['measures']}>
        <legend>{fields.measures}</legend>
        {measureNames.map((name) => (
          <TickBox
            key={name}
            isSelected={minedMeasures(configuration).includes(name)}
            isDisabled={minedMeasures({ ...configuration, measures: [] }).includes(name)}
            onChange={(chosen) =>
              change({
                measures: configuration.measures
                  .filter((each) => each !== name)
                  .concat(chosen ? name : []),
              })
            }
          >
            {measures[name]}
          </TickBox>
        ))}
      </fieldset>
    </Part>
  );
}

/** What only the chosen method has. */
function MethodSettings({ configuration, onChange, change }: PartProps): ReactNode {
  return (
    <Part name="method">
      <div className={styles['fields']}>
        <RunNumbers fields={moreFields.method} configuration={configuration} onChange={onChange} />
        {configuration.method === 'moco-v2' && (
          <SelectField
            label={words.ownKeys}
            value={configuration.ownKeys}
            options={(['positive', 'negative', 'left-out'] as const).map((value) => ({
              value,
              text: words.ownKeysAre[value],
            }))}
            onChange={(ownKeys) => ownKeys !== null && change({ ownKeys })}
          />
        )}
      </div>
      {configuration.method === 'simsiam' && (
        <TickBox
          isSelected={configuration.fixedPredictorRate}
          onChange={(fixedPredictorRate) => change({ fixedPredictorRate })}
        >
          {fields.fixedPredictorRate}
        </TickBox>
      )}
    </Part>
  );
}

/** Every setting of a run that is not shown at once, by parts. */
export function RunSettings({ configuration, onChange }: RunSettingsProps): ReactNode {
  const change = (part: Partial<RunConfiguration>): void =>
    onChange((before) => ({ ...before, ...part }));
  const numbers = (part: 'views' | 'optimizer' | 'engine'): ReactNode => (
    <RunNumbers fields={moreFields[part]} configuration={configuration} onChange={onChange} />
  );
  const { kind } = configuration.optimizer;
  return (
    <>
      <Part name="views">
        <div className={styles['fields']}>
          <div className={styles['wide']}>
            <SelectField
              label={words.recipe}
              value={configuration.recipe}
              options={recipeNames.map((value) => ({ value, text: words.recipes[value] }))}
              onChange={(recipe) => recipe !== null && change({ recipe })}
            />
          </div>
          {numbers('views')}
        </div>
      </Part>
      <Part name="optimizer">
        <div className={styles['fields']}>
          <SelectField
            label={words.optimizer}
            value={kind}
            options={(['sgd', 'adamw', 'lars'] as const).map((value) => ({
              value,
              text: words.optimizers[value],
            }))}
            onChange={(chosen) => chosen !== null && change({ optimizer: usualOptimizers[chosen] })}
          />
          {/* Fields of another optimiser begin with its own values. */}
          <div className={styles['inside']} key={kind}>
            {numbers('optimizer')}
          </div>
        </div>
      </Part>
      <MethodSettings configuration={configuration} onChange={onChange} change={change} />
      <PairSettings configuration={configuration} onChange={onChange} change={change} />
      <Part name="engine">
        <div className={styles['fields']}>
          <div className={styles['wide']}>
            <SelectField
              label={words.engine}
              value={configuration.engine}
              options={engineChoices.map((value) => ({ value, text: words.engines[value] }))}
              onChange={(engine) => engine !== null && change({ engine })}
            />
          </div>
          {numbers('engine')}
        </div>
      </Part>
    </>
  );
}

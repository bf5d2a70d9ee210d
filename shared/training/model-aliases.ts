/** Names that stand for one model at a time: the one in use, and the one that may take its place. */
export const modelAliases = ['champion', 'challenger'] as const;
export type ModelAlias = (typeof modelAliases)[number];

export const aliasChangeKinds = ['registered', 'promoted', 'rolled-back'] as const;
export type AliasChangeKind = (typeof aliasChangeKinds)[number];

/** One row of the aliases' history. */
export type AliasStep = {
  readonly alias: ModelAlias;
  /** Null: nobody has the alias from then on. */
  readonly version: number | null;
  readonly kind: AliasChangeKind;
};

/** The version that has the alias after all steps, oldest first; undefined where none has. */
export function holderOf(steps: readonly AliasStep[], alias: ModelAlias): number | undefined {
  return steps.findLast((step) => step.alias === alias)?.version ?? undefined;
}

/**
 * Champions that are not rolled back, oldest first; the last one is in use, and a roll-back brings the one
 * before it back.
 */
export function championStack(steps: readonly AliasStep[]): readonly number[] {
  const stack: number[] = [];
  for (const { alias, version, kind } of steps) {
    if (alias !== 'champion') continue;
    if (kind === 'rolled-back') stack.pop();
    else if (version !== null) stack.push(version);
  }
  return stack;
}

/** Numbers of the engines (single precision) or of the reference (double); what works on both is written once. */
export type RealArray = Float32Array | Float64Array;

/** The same numbers in an array of their own; slice keeps the precision, which its type does not say. */
export const copyOf = <Values extends RealArray>(values: Values): Values =>
  values.slice() as Values;

/** Zeros in the same precision, as many unless `length` says otherwise. */
export function zerosLike<Values extends RealArray>(values: Values, length?: number): Values {
  const zeros: RealArray =
    values instanceof Float32Array
      ? new Float32Array(length ?? values.length)
      : new Float64Array(length ?? values.length);
  return zeros as Values;
}

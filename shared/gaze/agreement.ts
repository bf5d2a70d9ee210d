/**
 * Cohen's kappa of two yes-or-no judgements of the same things (Cohen 1960): agreement beyond chance, 1 at
 * best. NaN without judgements, and where both always say the same one thing. Throws where the lengths differ.
 */
export function cohensKappa(a: readonly boolean[], b: readonly boolean[]): number {
  if (a.length !== b.length) throw new Error('Two judges have to judge the same things.');
  const count = a.length;
  let [same, yesA, yesB] = [0, 0, 0];
  for (const [i, judgement] of a.entries()) {
    same += Number(judgement === b[i]);
    yesA += Number(judgement);
    yesB += Number(b[i]);
  }
  const observed = same / count;
  const expected = (yesA * yesB + (count - yesA) * (count - yesB)) / count ** 2;
  return (observed - expected) / (1 - expected);
}

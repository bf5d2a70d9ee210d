/** Holds the number of the evaluation's migration until it is merged. */
export const migration0007 = `SELECT 1;`;

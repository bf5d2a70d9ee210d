/** Recipes by which a run makes two views of each image (trainer/data/recipes.ts). */
export const recipeNames = ['demonstration', 'mammo', 'dental', 'oai', 'mammo-16-bit'] as const;
export type RecipeName = (typeof recipeNames)[number];

/** Height in whole CSS pixels of an image that is as large as `space` allows, in its own proportions. */
export function fitHeight(
  image: { readonly rows: number; readonly columns: number },
  space: { readonly width: number; readonly height: number },
): number {
  return Math.floor(Math.min(space.height, (space.width * image.rows) / image.columns));
}

const numberFormat = new Intl.NumberFormat('en');

/** `text` with each `{name}` replaced by its value; whole numbers get thousands separators. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/gu, (placeholder, name: string) => {
    const value = values[name];
    if (value === undefined) return placeholder;
    return typeof value === 'number' ? numberFormat.format(value) : value;
  });
}

/** The form of a phrase for `count`, filled with it as `{n}`. */
export function fillCount(
  forms: { readonly one: string; readonly many: string },
  count: number,
): string {
  return fill(count === 1 ? forms.one : forms.many, { n: count });
}

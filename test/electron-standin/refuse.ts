/** Ends what Electron would do otherwise or what the stand-in cannot show: an error is right, silence is wrong. */
export function refuse(reason: string): never {
  throw new Error(`electron stand-in: ${reason}`);
}

/** An event whose default a listener may prevent. */
export type PreventableEvent = { defaultPrevented: boolean; preventDefault(): void };

/** A fresh event, with the fields that the listeners read. */
export function preventable<Fields extends object>(fields: Fields): PreventableEvent & Fields {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true;
    },
    ...fields,
  };
}

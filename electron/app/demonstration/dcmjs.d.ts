/** The part of dcmjs that writes files; the package brings no types. */
declare module 'dcmjs' {
  type Tagged = Record<string, unknown>;
  export const data: {
    readonly DicomMetaDictionary: {
      denaturalizeDataset(dataset: Readonly<Record<string, unknown>>): Tagged;
    };
    readonly DicomDict: new (meta: Tagged) => { dict: Tagged; write(): ArrayBuffer };
  };
}

import { createContext, useContext, useSyncExternalStore } from 'react';
import type { StationState } from '../shared/ipc/answers.ts';
import type { Modality, StudyStatus } from '../shared/imaging/study.ts';
import type { EncoderName } from '../shared/training/run-configuration.ts';
import type { ImportControl } from './components/import-control.ts';

/** One value that lives outside React and tells its subscribers when it is replaced. */
export class Store<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  readonly get = (): Value => this.#value;

  readonly set = (value: Value): void => {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** Pages with the navigation bar beside them, in the order of the bar. */
export const barPages = [
  'worklist',
  'readings',
  'training',
  'pairs',
  'models',
  'export',
  'settings',
] as const;
export type BarPage = (typeof barPages)[number];

/** A model whose weights the next run shall begin from. */
export type StartFrom = {
  readonly version: number;
  readonly runId: number;
  readonly sha256: string;
  readonly encoder: EncoderName;
};

/** What fills the window. Reading, replay and case take it whole, without the bar. */
export type Page =
  | { readonly kind: BarPage }
  | { readonly kind: 'pairs'; readonly runId: number }
  | { readonly kind: 'training'; readonly startFrom: StartFrom }
  | { readonly kind: 'reading'; readonly studyId: number }
  | { readonly kind: 'replay'; readonly readingId: number }
  | {
      readonly kind: 'case';
      readonly readingId: number;
      /** Null: the first image with gaze. */
      readonly imageId: number | null;
      readonly back: 'readings' | 'pairs';
    };

/** What the worklist shows; kept while a study is read, so that the reader comes back to the same row. */
export type WorklistView = {
  readonly modality: Modality | null;
  readonly status: StudyStatus | null;
  readonly text: string;
  /** Index of the row under the keyboard. */
  readonly cursor: number;
  /** Study of that row: the cursor follows it when rows are added above. */
  readonly cursorStudyId: number | null;
};

/** What the page's components share. */
export type PageStores = {
  readonly stationState: Store<StationState>;
  readonly page: Store<Page>;
  readonly worklistView: Store<WorklistView>;
  /** Reading of the row under the keyboard, kept while it is replayed; null: the newest. */
  readonly readingUnder: Store<number | null>;
  readonly importControl: ImportControl;
};

/** Filled in main.tsx once the station has answered. */
export const PageStoresContext = createContext<PageStores | null>(null);

/** The shared stores; throws outside the app. */
export function usePageStores(): PageStores {
  const stores = useContext(PageStoresContext);
  if (stores === null) throw new Error('This component stands outside of PageStoresContext.');
  return stores;
}

/** The store's value; the component renders again when it is replaced. */
export function useStore<Value>(store: Store<Value>): Value {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Facts about the station and its user. */
export function useStationState(): StationState {
  return useStore(usePageStores().stationState);
}

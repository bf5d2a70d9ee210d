/// <reference types="vite/client" />

interface Window {
  /** Exposed by preload: the only way from the page to the station. */
  readonly station: import('../shared/ipc/contract.ts').StationBridge;
}

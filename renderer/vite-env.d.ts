/// <reference types="vite/client" />

declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}

interface Window {
  /** Exposed by preload: the only way from the page to the station. */
  readonly station: import('../shared/ipc/contract.ts').StationBridge;
}

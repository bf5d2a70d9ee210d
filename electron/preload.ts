import { contextBridge, ipcRenderer } from 'electron';
import type { StationBridge } from '../shared/ipc/contract.ts';

const bridge: StationBridge = {
  call: (name, input) => ipcRenderer.invoke('station:call', name, input),
  on(topic, listener) {
    const hear = (_event: unknown, told: unknown, value: unknown): void => {
      if (told === topic) listener(value);
    };
    ipcRenderer.on('station:topic', hear);
    return () => {
      ipcRenderer.off('station:topic', hear);
    };
  },
};

contextBridge.exposeInMainWorld('station', bridge);

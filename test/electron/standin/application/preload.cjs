const { contextBridge, ipcRenderer } = require('electron');

contextBridge.exposeInMainWorld('bridge', {
  invoke: (channel, ...args) => ipcRenderer.invoke(channel, ...args),
  send: (channel, ...args) => ipcRenderer.send(channel, ...args),
  add: (a, b) => a + b,
  fails: () => {
    throw new Error('planned');
  },
  on: (channel, listener) => {
    const hear = (_event, value) => listener(value);
    ipcRenderer.on(channel, hear);
    return () => ipcRenderer.off(channel, hear);
  },
});

import path from 'node:path';
import { app, BrowserWindow, dialog, type OpenDialogOptions, powerMonitor } from 'electron';
import type { Host } from './host.ts';
import { forkTrainer } from './electron-trainer.ts';

/** Absolute path of the data folder: `--data-folder=FOLDER`, or `station` in the user's application folder. */
function findDataFolder(): string {
  const given = app.commandLine.getSwitchValue('data-folder');
  return given === '' ? path.join(app.getPath('userData'), 'station') : path.resolve(given);
}

const choices: Readonly<Record<'folder' | 'files' | 'weights', OpenDialogOptions>> = {
  folder: { properties: ['openDirectory'] },
  files: { properties: ['openFile', 'multiSelections'] },
  weights: {
    properties: ['openFile'],
    filters: [{ name: 'safetensors, ONNX', extensions: ['safetensors', 'onnx'] }],
  },
};

/** The host that has windows. `builtMainFolder` is where the built main file lies, `out/main`. */
export function createElectronHost(builtMainFolder: string): Host {
  const isStandIn = process.versions['standin'] !== undefined;
  return {
    kind: isStandIn ? 'chromium' : 'electron',
    version: app.getVersion(),
    dataFolder: findDataFolder(),
    assetsFolder: path.join(app.isPackaged ? process.resourcesPath : app.getAppPath(), 'assets'),
    pageFolder: path.join(builtMainFolder, '../renderer'),
    nativeDialogs: !isStandIn,
    emit(topic, value) {
      for (const window of BrowserWindow.getAllWindows())
        if (!window.isDestroyed()) window.webContents.send('station:topic', topic, value);
    },
    startTrainer: () => forkTrainer(path.join(builtMainFolder, '../trainer/main.js')),
    async choosePaths(what) {
      const { canceled, filePaths } = await dialog.showOpenDialog(choices[what]);
      return canceled ? undefined : filePaths;
    },
    async chooseTarget(name) {
      const { canceled, filePath } = await dialog.showSaveDialog({ defaultPath: name });
      return canceled ? undefined : filePath;
    },
    idleSeconds: () => powerMonitor.getSystemIdleTime(),
    onBattery: () => powerMonitor.onBatteryPower,
  };
}

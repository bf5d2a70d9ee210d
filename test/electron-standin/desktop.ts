import { EventEmitter } from 'node:events';

/** Electron's `dialog`: every answer is "cancelled" until a test puts its own function here. */
export const dialog = {
  showOpenDialog: () => Promise.resolve({ canceled: true, filePaths: [] }),
  showSaveDialog: () => Promise.resolve({ canceled: true, filePath: '' }),
  showMessageBox: () => Promise.resolve({ response: 0, checkboxChecked: false }),
  showErrorBox: (title: string, content: string): void => {
    console.error(`${title}: ${content}`);
  },
};

/** Electron's `shell`: opens nothing, remembers what it was asked in `opened`. */
export const shell = {
  opened: new Array<string>(),
  openExternal(url: string): Promise<void> {
    shell.opened.push(url);
    return Promise.resolve();
  },
  openPath(file: string): Promise<string> {
    shell.opened.push(file);
    return Promise.resolve('');
  },
  showItemInFolder(file: string): void {
    shell.opened.push(file);
  },
};

/** Electron's `powerMonitor`: the idle time is a number that a test may set. */
class PowerMonitor extends EventEmitter {
  idleSeconds = 0;
  readonly onBatteryPower = false;
  getSystemIdleTime(): number {
    return this.idleSeconds;
  }
  getSystemIdleState(thresholdSeconds: number): 'active' | 'idle' {
    return this.idleSeconds >= thresholdSeconds ? 'idle' : 'active';
  }
}
export const powerMonitor = new PowerMonitor();

const display = {
  id: 1,
  bounds: { x: 0, y: 0, width: 1920, height: 1080 },
  workArea: { x: 0, y: 0, width: 1920, height: 1080 },
  workAreaSize: { width: 1920, height: 1080 },
  size: { width: 1920, height: 1080 },
  scaleFactor: 1,
};
/** Electron's `screen`: one display of 1920 x 1080, whatever there is. */
export const screen = Object.assign(new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
});

export const nativeTheme = Object.assign(new EventEmitter(), {
  themeSource: 'system',
  shouldUseDarkColors: true,
});

export const crashReporter = { start(): void {} };

import { app, BrowserWindow, ipcMain, protocol } from 'electron';
import { type Application, openApplication } from './app/application.ts';
import { createElectronHost } from './host/electron-host.ts';
import { startFailurePage, wordStartFailure } from './host/start-failure.ts';
import {
  createWindow,
  guardPages,
  limitPermissions,
  openStationWindow,
  setMenu,
  stationPage,
} from './host/window.ts';

async function showStartFailure(error: unknown): Promise<void> {
  const sentence = wordStartFailure(error);
  process.stderr.write(`fovea: ${sentence}\n`);
  protocol.handle('app', () => startFailurePage(sentence));
  app.on('window-all-closed', () => app.exit(1));
  await createWindow(undefined).loadURL(stationPage);
}

/** Answers the page's requests, serves its files, and closes the application before the program ends. */
function connect(application: Application): void {
  protocol.handle('app', (request) => application.serve(request));
  ipcMain.handle('station:call', (event, name: unknown, input: unknown) => {
    const frame = event.senderFrame;
    const sender =
      frame === null ? undefined : { url: frame.url, isMainFrame: frame.parent === null };
    return application.handle(sender, name, input);
  });
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('will-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    application
      .close()
      .catch((error: unknown) => {
        process.stderr.write(`fovea: ${String(error)}\n`);
      })
      .finally(() => {
        state = 'closed';
        app.quit();
      });
  });
  app.on('window-all-closed', () => app.quit());
}

async function start(): Promise<void> {
  await app.whenReady();
  limitPermissions();
  setMenu();
  let application: Application;
  try {
    application = await openApplication(createElectronHost(import.meta.dirname), {
      demonstration: !app.commandLine.hasSwitch('no-demonstration'),
    });
  } catch (error) {
    await showStartFailure(error);
    return;
  }
  connect(application);
  await openStationWindow(import.meta.dirname);
}

guardPages();
if (app.requestSingleInstanceLock()) {
  app.on('second-instance', () => {
    const window = BrowserWindow.getAllWindows()[0];
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  start().catch((error: unknown) => {
    process.stderr.write(`fovea: ${wordStartFailure(error)}\n`);
    app.exit(1);
  });
} else {
  process.stderr.write('fovea: the station is open already; its window comes to the front.\n');
  app.exit(0);
}

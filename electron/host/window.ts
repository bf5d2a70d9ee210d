import path from 'node:path';
import { app, BrowserWindow, Menu, protocol, session } from 'electron';

/** The page's address; everything it may load lies below `app://station/`. */
export const stationPage = 'app://station/index.html';

/**
 * What must be settled before Electron is ready: every page in the sandbox, the station's scheme, a browser
 * that finds no other machine, and no page that leaves its place, opens another window or holds a webview.
 */
export function guardPages(): void {
  app.enableSandbox();
  // The browser's own habits too (time, updates) end here; main's sockets are not the browser's.
  app.commandLine.appendSwitch(
    'host-resolver-rules',
    'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost',
  );
  protocol.registerSchemesAsPrivileged([
    {
      scheme: 'app',
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        codeCache: true,
      },
    },
  ]);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

function isStation(url: string | undefined): boolean {
  return url !== undefined && /^app:\/\/station(?:\/|$)/u.test(url);
}

/** Grants the station's page the camera without sound, and nothing else to anybody. */
export function limitPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    decide(
      permission === 'media' &&
        isStation(details.requestingUrl) &&
        types.length > 0 &&
        types.every((type) => type === 'video'),
    );
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      permission === 'media' && isStation(origin) && details.mediaType === 'video',
  );
  defaultSession.setDevicePermissionHandler(() => false);
}

/** The menu of the window: what every desktop program has, and the developer's tools from source. */
export function setMenu(): void {
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      {
        label: 'Fovea',
        submenu: [
          ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
          { role: 'togglefullscreen' },
          { type: 'separator' },
          { id: 'quit', role: 'quit' },
        ],
      },
      { role: 'editMenu' },
    ]),
  );
}

/** A window of the station, not yet loaded; `preload` is left out where the page needs no bridge. */
export function createWindow(preload: string | undefined): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Fovea',
    backgroundColor: '#000000',
    autoHideMenuBar: true,
    webPreferences: {
      ...(preload === undefined ? {} : { preload }),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  window.once('ready-to-show', () => window.show());
  return window;
}

/** Opens the station's page, and opens it again where its process crashes, but not in a circle. */
export async function openStationWindow(builtMainFolder: string): Promise<BrowserWindow> {
  const window = createWindow(path.join(builtMainFolder, '../preload/preload.cjs'));
  let lastCrashMs = 0;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    process.stderr.write(`fovea: the page's process ended (${reason}).\n`);
    const now = Date.now();
    const isCircle = now - lastCrashMs < crashCircleMs;
    lastCrashMs = now;
    if (!isCircle && reason !== 'clean-exit') window.webContents.reload();
  });
  await window.loadURL(stationPage);
  return window;
}

const crashCircleMs = 10_000;

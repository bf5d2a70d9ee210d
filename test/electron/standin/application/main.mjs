// A small application that uses what the product uses of Electron, written as for Electron itself.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { app, BrowserWindow, ipcMain, protocol, session, utilityProcess } from 'electron';

const folder = import.meta.dirname;
const uploads = [];
let stopped = 0;

protocol.registerSchemesAsPrivileged([
  { scheme: 'app', privileges: { standard: true, secure: true } },
]);
if (!app.requestSingleInstanceLock()) app.exit(3);
app.on('second-instance', (_event, argv) => console.log('second', argv.at(-1)));
app.on('web-contents-created', (_event, contents) => {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
});

async function serve(request) {
  const { pathname } = new URL(request.url);
  if (pathname === '/upload') {
    let bytes = 0;
    for await (const chunk of request.body) bytes += chunk.byteLength;
    uploads.push({ bytes, url: request.url, origin: request.headers.get('origin') });
    return Response.json(uploads.at(-1));
  }
  if (pathname === '/range')
    return new Response('cde', {
      status: 206,
      headers: { 'Content-Range': 'bytes 2-4/6', 'X-Asked': request.headers.get('range') ?? '' },
    });
  if (pathname === '/endless') {
    return new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
        cancel: () => {
          stopped += 1;
        },
      }),
    );
  }
  if (pathname === '/throws') throw new Error('planned');
  const types = { '.html': 'text/html', '.js': 'text/javascript' };
  const type = types[path.extname(pathname)];
  if (type === undefined) return new Response('', { status: 404 });
  return new Response(await readFile(path.join(folder, 'page', path.basename(pathname))), {
    headers: { 'Content-Type': type, 'Content-Security-Policy': "default-src 'self'" },
  });
}

await app.whenReady();
protocol.handle('app', serve);
session.defaultSession.setPermissionCheckHandler(
  (_contents, permission, _origin, details) =>
    permission === 'media' && details.mediaType === 'video',
);
ipcMain.handle('echo', (_event, value) => value);
ipcMain.handle('sender', (event) => [event.senderFrame.url, event.senderFrame.parent]);
ipcMain.handle('fail', () => {
  throw new Error('planned');
});
ipcMain.handle('stopped', () => stopped);
ipcMain.handle('child', (_event, message) => {
  const child = utilityProcess.fork(path.join(folder, 'child.mjs'), ['one'], { stdio: 'pipe' });
  const seen = { output: '', messages: [] };
  child.stdout.on('data', (chunk) => (seen.output += String(chunk)));
  child.on('message', (reply) => seen.messages.push(reply));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  child.postMessage(message);
  return new Promise((resolve) => child.on('exit', (code) => resolve({ ...seen, code })));
});
const window = new BrowserWindow({
  width: 900,
  height: 700,
  webPreferences: { preload: path.join(folder, 'preload.cjs') },
});
ipcMain.on('tell', (event, value) => event.sender.send('told', value));
app.on('window-all-closed', () => app.quit());
await window.loadURL('app://check/index.html');

import { app } from './app.ts';
import { startChromium } from './chromium.ts';
import { loadPageHalves } from './page-source.ts';
import { listen } from './protocol.ts';
import { connection, runtime } from './runtime.ts';
import { webContents } from './web-contents.ts';

type TargetInfo = { targetId: string; type: string; url: string; openerId?: string };

function watchTargets(): void {
  const cdp = connection();
  cdp.on('Target.targetCreated', ({ targetInfo }: { targetInfo: TargetInfo }) => {
    // What the page half does not see, such as a form's target: the window is there already, so it goes.
    if (targetInfo.type === 'page' && targetInfo.openerId !== undefined)
      cdp.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => {});
  });
  cdp.on('Target.targetDestroyed', ({ targetId }: { targetId: string }) =>
    webContents.fromDevToolsTargetId(targetId)?.targetDestroyed(),
  );
  cdp.on('Target.targetInfoChanged', ({ targetInfo }: { targetInfo: TargetInfo }) =>
    webContents.fromDevToolsTargetId(targetInfo.targetId)?.targetChanged(targetInfo.url),
  );
}

/** Starts the loopback server and Chromium, then tells the application that it is ready. */
export async function start(): Promise<void> {
  await loadPageHalves();
  await listen();
  const { browser, socketUrl } = await startChromium((code) => {
    // It ends by itself when its last window is closed; a page that is left can only be there by a crash.
    for (const contents of webContents.getAllWebContents())
      if (code === 0) contents.targetDestroyed();
    if (app.bootstrap.hasEnded() || code === 0) return;
    console.error('electron stand-in: Chromium ended unexpectedly.');
    app.exit(1);
  });
  runtime.browser = browser;
  watchTargets();
  await browser.cdp.send('Target.setDiscoverTargets', { discover: true });
  const { targetInfos } = await browser.cdp.send<{ targetInfos: TargetInfo[] }>(
    'Target.getTargets',
  );
  browser.firstTargetId = targetInfos.find((target) => target.type === 'page')?.targetId;
  // Playwright reads this from a line's start.
  if (socketUrl !== undefined) process.stderr.write(`\nDevTools listening on ${socketUrl}\n`);
  app.bootstrap.ready();
}

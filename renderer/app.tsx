import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from 'react';
import { DemonstrationBanner } from './components/demonstration-banner.tsx';
import { ErrorBoundary } from './components/error-boundary.tsx';
import { adminPages, NavigationBar } from './components/navigation-bar.tsx';
import { keysAreTaken, type Prefix, readNavigationKey } from './components/navigation-keys.ts';
import { ShortcutsDialog } from './components/shortcuts-dialog.tsx';
import { StatusBar } from './components/status-bar.tsx';
import { messages } from './messages/en.ts';
import { ExportPage } from './pages/export-page.tsx';
import { ModelsPage } from './pages/models-page.tsx';
import { PairsPage } from './pages/pairs-page.tsx';
import { ReadingsPage } from './pages/readings-page.tsx';
import { SettingsPage } from './pages/settings-page.tsx';
import { TrainingPage } from './pages/training-page.tsx';
import { Welcome } from './pages/welcome.tsx';
import { WorklistPage } from './pages/worklist-page.tsx';
import { type BarPage, type Page, usePageStores, useStationState, useStore } from './store.ts';
import styles from './app.module.css';

// Cornerstone comes with these: loaded when first needed.
const ReadingPage = lazy(async () => ({
  default: (await import('./pages/reading-page.tsx')).ReadingPage,
}));
const ReplayPage = lazy(async () => ({
  default: (await import('./pages/replay-page.tsx')).ReplayPage,
}));

const CasePage = lazy(async () => ({
  default: (await import('./pages/case-page.tsx')).CasePage,
}));

function BarPageContent({ page }: { readonly page: Page & { readonly kind: BarPage } }): ReactNode {
  const { user } = useStationState();
  if (user.role !== 'admin' && adminPages.has(page.kind))
    return <p className={styles['only']}>{messages.shell.adminOnly}</p>;
  switch (page.kind) {
    case 'worklist':
      return <WorklistPage />;
    case 'readings':
      return <ReadingsPage />;
    case 'training':
      return <TrainingPage startFrom={'startFrom' in page ? page.startFrom : null} />;
    case 'pairs':
      return <PairsPage firstRunId={'runId' in page ? page.runId : null} />;
    case 'models':
      return <ModelsPage />;
    case 'export':
      return <ExportPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return page satisfies never;
  }
}

/** Goes to a page by g and a letter or Alt and a number, and opens the list of keys by ?. */
function useNavigationKeys(
  go: (page: BarPage) => void,
  role: 'reader' | 'admin',
  onShortcuts: () => void,
): void {
  const prefix = useRef<Prefix>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || keysAreTaken(event.target)) return;
      const { key, altKey } = event;
      const plain = !event.ctrlKey && !event.metaKey;
      const read = readNavigationKey(prefix.current, { key, altKey, plain }, event.timeStamp);
      const meantForPage = prefix.current !== null;
      prefix.current = read.prefix;
      if (read.page !== undefined && (role === 'admin' || !adminPages.has(read.page))) {
        event.preventDefault();
        go(read.page);
      } else if (key === '?' && plain) onShortcuts();
      // A page's own single keys must not see the second key of a pair.
      if (meantForPage || read.prefix !== null) event.stopPropagation();
    };
    // Caught on the way down, before the pages' own keys.
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [go, role, onShortcuts]);
}

function BarFrame({ page }: { readonly page: Page & { readonly kind: BarPage } }): ReactNode {
  const stores = usePageStores();
  const { user } = useStationState();
  const [shortcuts, setShortcuts] = useState(false);
  const [go] = useState(() => (kind: BarPage) => {
    // The bar gives the keys to the page: a list takes them from here.
    document.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true });
    stores.page.set({ kind });
  });
  const [openShortcuts] = useState(() => () => setShortcuts(true));
  useNavigationKeys(go, user.role, openShortcuts);
  return (
    <div className={styles['frame']}>
      <a className={styles['skip']} href="#content">
        {messages.shell.skipToContent}
      </a>
      <NavigationBar current={page.kind} role={user.role} onGo={go} onShortcuts={openShortcuts} />
      <div className={styles['column']}>
        <DemonstrationBanner />
        <main id="content" tabIndex={-1} className={styles['content']} data-page={page.kind}>
          <ErrorBoundary key={page.kind} onLeave={() => go('worklist')}>
            <BarPageContent page={page} />
          </ErrorBoundary>
        </main>
      </div>
      <StatusBar />
      <ShortcutsDialog isOpen={shortcuts} onClose={() => setShortcuts(false)} />
      <Welcome />
    </div>
  );
}

/** The window: a page with the bar beside it, or a reading or replay that takes it whole. */
export function App(): ReactNode {
  const stores = usePageStores();
  const page = useStore(stores.page);
  if (page.kind !== 'reading' && page.kind !== 'replay' && page.kind !== 'case')
    return <BarFrame page={page} />;
  const leave = (): void => stores.page.set({ kind: 'worklist' });
  const opening = (
    <p className={styles['opening']} role="status">
      {messages.shell.opening}
    </p>
  );
  return (
    <ErrorBoundary onLeave={leave}>
      <Suspense fallback={opening}>
        {page.kind === 'reading' ? (
          <ReadingPage
            key={page.studyId}
            studyId={page.studyId}
            onNext={(studyId: number | null) => {
              // Leaving it, the reader comes back to its row.
              if (studyId !== null)
                stores.worklistView.set({
                  ...stores.worklistView.get(),
                  cursorStudyId: studyId,
                });
              stores.page.set(
                studyId === null ? { kind: 'worklist' } : { kind: 'reading', studyId },
              );
            }}
            onLeave={leave}
          />
        ) : page.kind === 'case' ? (
          <CasePage
            key={`${page.readingId} ${page.imageId}`}
            readingId={page.readingId}
            imageId={page.imageId}
            onBack={() => stores.page.set({ kind: page.back })}
          />
        ) : (
          <ReplayPage
            key={page.readingId}
            readingId={page.readingId}
            onBack={() => stores.page.set({ kind: 'readings' })}
          />
        )}
      </Suspense>
    </ErrorBoundary>
  );
}

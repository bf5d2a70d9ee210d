import './zod-without-evaluation.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import 'uplot/dist/uPlot.min.css';
import './styles/tokens.css';
import './styles/global.css';
import { App } from './app.tsx';
import { ImportControl } from './components/import-control.ts';
import { StartFailed } from './components/start-failed.tsx';
import { coalesce } from './components/coalesce.ts';
import { station, toStationError } from './station.ts';
import { type Page, PageStoresContext, Store, type WorklistView } from './store.ts';

const place = document.querySelector('#root');
if (place === null) throw new Error('index.html has no #root.');
const root = createRoot(place);

/** Asks for the station's state and draws the page, or says why that failed. */
async function start(): Promise<void> {
  try {
    const stores = {
      stationState: new Store(await station.ask('station.state', {})),
      page: new Store<Page>({ kind: 'worklist' }),
      worklistView: new Store<WorklistView>({
        modality: null,
        status: null,
        text: '',
        cursor: 0,
        cursorStudyId: null,
      }),
      readingUnder: new Store<number | null>(null),
      importControl: new ImportControl(),
    };
    stores.importControl.listen();
    // The count of demonstration studies changes with the worklist.
    station.on(
      'worklist.changed',
      coalesce(async () => stores.stationState.set(await station.ask('station.state', {}))),
    );
    root.render(
      <StrictMode>
        <PageStoresContext value={stores}>
          <App />
        </PageStoresContext>
      </StrictMode>,
    );
  } catch (thrown) {
    root.render(<StartFailed error={toStationError(thrown)} onAgain={() => void start()} />);
  }
}

void start();

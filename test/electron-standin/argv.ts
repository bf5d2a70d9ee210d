/** What the command line of Electron's binary says: `electron [-r file]... [switches] entry [arguments]`. */
export type ElectronArguments = {
  /** Modules that `-r` asks for, in order. */
  readonly preloads: readonly string[];
  /** The application: a folder with package.json, or a file. Undefined: the working folder. */
  readonly entry: string | undefined;
  /** Playwright asks for a debugging port; anybody else gets a pipe, which ends Chromium with its host. */
  readonly wantsPort: boolean;
};

/** Reads `argv` as Electron's binary does (`argv[0]` is the program itself). */
export function readElectronArguments(argv: readonly string[]): ElectronArguments {
  const preloads: string[] = [];
  let entry: string | undefined;
  for (let index = 1; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    if (argument === '-r' || argument === '--require') {
      index += 1;
      const file = argv[index];
      if (file !== undefined) preloads.push(file);
    } else if (!argument.startsWith('-')) entry ??= argument;
  }
  return { preloads, entry, wantsPort: argv.includes('--remote-debugging-port=0') };
}

/** The value of `--name=value`; undefined where the switch is absent or has no value. */
export function switchValue(argv: readonly string[], name: string): string | undefined {
  const prefix = `--${name}=`;
  return argv.find((argument) => argument.startsWith(prefix))?.slice(prefix.length);
}

/** Switches that belong to Node, to Electron or to the profile, and so never to the page's Chromium. */
const kept = /^--(?:inspect|remote-debugging|user-data-dir|require|data-folder)/u;

/** Chromium by itself speaks to its maker's servers; a station does not. */
const quiet = [
  '--no-first-run',
  '--no-default-browser-check',
  '--no-pings',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--metrics-recording-only',
  '--password-store=basic',
  // No bar over the page about the switches above and the application's own.
  '--test-type',
];

/** The command line of the Chromium that shows the windows. */
export function chromiumArguments(options: {
  /** Fresh folder for the browser's profile. */
  readonly profile: string;
  readonly wantsPort: boolean;
  readonly headless: boolean;
  /** Chromium's own sandbox does not start for root. */
  readonly isRoot: boolean;
  /** From the environment. */
  readonly extra: readonly string[];
  /** Everything behind the program's name; its `--switches` go on to Chromium, as in Electron. */
  readonly argv: readonly string[];
  /** From `app.commandLine`. */
  readonly switches: ReadonlyMap<string, string>;
}): string[] {
  return [
    `--user-data-dir=${options.profile}`,
    options.wantsPort ? '--remote-debugging-port=0' : '--remote-debugging-pipe',
    // A window without tabs and address; about:blank would open a whole browser.
    '--app=data:text/html,',
    ...quiet,
    ...(options.headless ? ['--headless=new'] : []),
    ...(options.isRoot ? ['--no-sandbox'] : []),
    ...options.extra,
    ...options.argv.filter((argument) => /^--[a-z]/u.test(argument) && !kept.test(argument)),
    ...Array.from(options.switches, ([name, value]) =>
      value === '' ? `--${name}` : `--${name}=${value}`,
    ),
  ];
}

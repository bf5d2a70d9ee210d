import { readFileSync } from 'node:fs';

type NetLog = {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
  readonly events: readonly {
    readonly type: number;
    readonly params?: Readonly<Record<string, unknown>>;
  }[];
};

/** Events of Chromium's network log that tell what was looked up and connected to. */
const telling = ['HOST_RESOLVER_MANAGER_JOB', 'HOST_RESOLVER_DNS_TASK', 'TCP_CONNECT_ATTEMPT'];

const own =
  /^(?:(?:https?|wss?):\/\/)?(?:[a-z0-9-]+\.)*(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)|^(?:data|blob|chrome|devtools|app):/u;

/**
 * Names looked up and addresses connected to outside this machine, in the log that Chromium, and so Electron, writes with `--log-net-log=FILE`.
 * The program must have ended, or the file is not whole.
 */
export function findForeignAddresses(file: string): string[] {
  const { constants, events } = JSON.parse(readFileSync(file, 'utf8')) as NetLog;
  const types = new Set(
    telling.map((name) => {
      const type = constants.logEventTypes[name];
      if (type === undefined) throw new Error(`Chromium's network log has no ${name} any more.`);
      return type;
    }),
  );
  const found = new Set<string>();
  for (const { type, params } of events) {
    if (!types.has(type)) continue;
    for (const key of ['host', 'hostname', 'address']) {
      const value = params?.[key];
      if (typeof value === 'string' && !own.test(value)) found.add(value);
    }
  }
  return [...found];
}

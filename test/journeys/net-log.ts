import { readFileSync } from 'node:fs';

type NetLogConstants = {
  readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
};
type NetLogEvent = { readonly type: number; readonly params?: Readonly<Record<string, unknown>> };

/** Events of Chromium's network log that tell what was looked up and connected to. */
const telling = ['HOST_RESOLVER_MANAGER_JOB', 'HOST_RESOLVER_DNS_TASK', 'TCP_CONNECT_ATTEMPT'];

const own =
  /^(?:(?:https?|wss?):\/\/)?(?:[a-z0-9-]+\.)*(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)|^(?:data|blob|chrome|devtools|app):/u;

/** One event stands on each line; the log of a browser that ended in a hurry lacks its last line's end. */
function readEvents(lines: readonly string[]): NetLogEvent[] {
  const events: NetLogEvent[] = [];
  for (const line of lines) {
    const text = line.replace(/,?\s*$/u, '');
    if (!text.startsWith('{')) continue;
    try {
      events.push(JSON.parse(text) as NetLogEvent);
    } catch {
      break;
    }
  }
  return events;
}

/**
 * Names looked up and addresses connected to outside this machine, in the log that Chromium, and so
 * Electron, writes with `--log-net-log=FILE`. The program must have ended. Throws where the log is empty
 * or of another form than expected.
 */
export function findForeignAddresses(file: string): string[] {
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  const { constants } = JSON.parse(`${first.replace(/,\s*$/u, '')}}`) as NetLogConstants;
  const types = new Set(
    telling.map((name) => {
      const type = constants.logEventTypes[name];
      if (type === undefined) throw new Error(`Chromium's network log has no ${name} any more.`);
      return type;
    }),
  );
  const events = readEvents(rest);
  if (events.length === 0) throw new Error(`The network log ${file} holds no event.`);
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

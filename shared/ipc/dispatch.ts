import { StationError } from '../station-error.ts';
import {
  type Answer,
  type Failure,
  type ParsedInput,
  type Reply,
  type RequestName,
  requests,
  type Role,
} from './contract.ts';

/** One function for every request of the contract. */
export type Handlers = {
  readonly [Name in RequestName]: (
    input: ParsedInput<Name>,
  ) => Answer<Name> | Promise<Answer<Name>>;
};

/** Some of the handlers; each part of the application gives its own. */
export type SomeHandlers<Names extends RequestName> = Pick<Handlers, Names>;

/** Where a request comes from. */
export type Sender = { readonly url: string; readonly isMainFrame: boolean };

const rank: Readonly<Record<Role, number>> = { reader: 1, admin: 2 };

type DispatchContext = {
  readonly handlers: Handlers;
  /** The role of the person signed in, or null. */
  readonly role: () => Role | null;
  /** Receives what no person can act upon; the page only learns that something failed. */
  readonly logError: (name: string, error: unknown) => void;
};

function refuse(code: Failure['code'], details: Failure['details'] = {}): Reply<never> {
  return { ok: false, error: { code, details } };
}

/** The page's own origin and nothing that only begins like it. */
const stationUrl = /^app:\/\/station(?:[/?#]|$)/u;

function comesFromStation(sender: Sender | undefined): boolean {
  return sender?.isMainFrame === true && stationUrl.test(sender.url);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

/**
 * Answers one request of the page after checking, in this order, the sender, the name, the role and the
 * input's shape. Never throws: an unexpected error becomes code `internal` and goes to `logError`.
 */
export async function dispatch(
  context: DispatchContext,
  sender: Sender | undefined,
  name: unknown,
  input: unknown,
): Promise<Reply<unknown>> {
  if (!comesFromStation(sender)) return refuse('forbidden', { what: 'sender' });
  return dispatchTrusted(context, name, input);
}

/** As `dispatch`, for a caller inside this process (the command line). */
export async function dispatchTrusted(
  context: DispatchContext,
  name: unknown,
  input: unknown,
): Promise<Reply<unknown>> {
  if (!isRequestName(name)) return refuse('unknown-request');
  const needed = requests[name].role;
  const role = context.role();
  if (needed !== null && (role === null || rank[role] < rank[needed]))
    return refuse('forbidden', { what: 'role', needed });
  const parsed = requests[name].input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refuse('invalid-input', {
      request: name,
      field: issue?.path.join('.') ?? '',
      problem: issue?.message ?? '',
    });
  }
  try {
    // The schema above has the shape that this handler takes; the type system cannot follow the name.
    const handler = context.handlers[name] as (value: unknown) => unknown;
    return { ok: true, value: await handler(parsed.data) };
  } catch (error) {
    if (error instanceof StationError) return refuse(error.code, error.details);
    context.logError(name, error);
    return refuse('internal', { request: name });
  }
}

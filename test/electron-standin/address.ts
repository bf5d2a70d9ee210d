/** `app://host/path` as the loopback server's address, `http://app--host.localhost:PORT/path`; others unchanged. */
export function toLoopback(url: string, schemes: ReadonlySet<string>, port: number): string {
  const { protocol, host, pathname, search, hash } = new URL(url);
  const scheme = protocol.slice(0, -1);
  return schemes.has(scheme)
    ? `http://${scheme}--${host}.localhost:${port}${pathname}${search}${hash}`
    : url;
}

/** The loopback server's address as the page's own, `app://host/path`; others unchanged. */
export function fromLoopback(url: string, port: number): string {
  const match =
    /^http:\/\/(?<scheme>[a-z0-9+.-]+?)--(?<host>[^/:]+)\.localhost:(?<port>\d+)(?<rest>.*)$/su.exec(
      url,
    );
  const { scheme, host, port: found, rest } = match?.groups ?? {};
  return Number(found) === port ? `${scheme}://${host}${rest}` : url;
}

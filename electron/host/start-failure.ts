import { contentSecurityPolicy } from '../app/file-server.ts';
import { wordError } from '../../shared/messages/error-messages.ts';
import { StationError } from '../../shared/station-error.ts';

/** Why the station cannot open, in a sentence for the person in front of it. */
export function wordStartFailure(error: unknown): string {
  if (error instanceof StationError) return wordError({ code: error.code, details: error.details });
  return `The station could not be opened: ${error instanceof Error ? error.message : String(error)}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** A page without any script that says why the station cannot open. */
export function startFailurePage(sentence: string): Response {
  const text = sentence.replaceAll(/[&<>"]/gu, (sign) => entities[sign] ?? sign);
  return new Response(
    `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>Fovea cannot open</title></head>
  <body style="margin: 15vh auto; max-width: 40rem; padding: 0 2rem; background: #111; color: #ddd; font: 1.1rem/1.5 system-ui, sans-serif">
    <h1 style="font-size: 1.4rem">Fovea cannot open</h1>
    <p role="alert" style="overflow-wrap: anywhere">${text}</p>
    <p>Close this window, put it right, and start Fovea again.</p>
  </body>
</html>`,
    {
      headers: {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': contentSecurityPolicy,
        'X-Content-Type-Options': 'nosniff',
      },
    },
  );
}

import type { ServerResponse } from 'node:http';
import { answer } from './headers.ts';

const html = 'text/html; charset=utf-8';

const page = (title: string, text: string, head = '') =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title>${head}<main><h1>${title}</h1><p>${text}</p></main></html>`;

/**
 * Sets the cookie and has the browser go on by itself. A redirect would not do: where another site, a web terminal say, led
 * here, the browser sends no strict cookie until a page of ours asks.
 */
export function entrance(response: ServerResponse, cookie: string): void {
  const on = '<link rel="icon" href="icon.svg"><meta http-equiv="refresh" content="0; url=./">';
  const text = '<a href="./">Go on to the console</a>';
  answer(response, html, page('shallop console', text, on), 200, { 'set-cookie': cookie });
}

/** Tells people what to do, since it is they who see it. */
export function refusedEntrance(response: ServerResponse): void {
  const text =
    'Its address lets one browser in, once. End <code>shallop console</code> and start it again for another.';
  answer(response, html, page('This console is not open here', text), 401);
}

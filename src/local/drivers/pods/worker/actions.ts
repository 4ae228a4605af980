import { request as httpsRequest } from 'node:https';
import type { Container, HTTPGetAction, TCPSocketAction } from '../../../../shared/kinds/schema/types.ts';
import { table } from '../../../../shared/meta/table.ts';
import { portNumber } from '../../../../shared/podspec/probe.ts';
import { afterAwake } from '../../afterAwake.ts';
import { nodeHttp } from '../../nodeHttp.ts';
import { atItself, type Reached } from '../../podNetwork.ts';
import { connectTo, requestTo } from '../../sockets.ts';

const { request: httpRequest } = nodeHttp;

/** Describes what a probe or a hook found; `message` says why not, as kubelet does. */
export interface Outcome {
  ok: boolean;
  message: string;
  /** Is what is to be told of a success. */
  warning?: string;
}

const agent = 'kube-probe/1.35';
const bodyBytes = 10 * 1024;

/**
 * GETs once; every status from 200 to 399 is a success. Redirects are followed as kubelet does: where they lead to the same
 * host, and ten times.
 */
export async function httpGet(
  action: HTTPGetAction,
  podIP: string,
  container: Container,
  timeoutMs: number,
  reached: Reached = atItself,
): Promise<Outcome> {
  const port = portNumber(action.port, container);
  if (!port) return failure(`unable to resolve port "${action.port}"`);
  const host = action.host || podIP;
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const first = `${action.scheme === 'HTTPS' ? 'https' : 'http'}://${host}:${port}${path}`;
  const headers: Record<string, string> = table({ 'User-Agent': agent, Accept: '*/*', Connection: 'close' });
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  const late = new AbortController();
  // A driver's own time-out: it guards a socket, which knows no other clock.
  const forget = afterAwake(timeoutMs, () => late.abort());
  try {
    return await followed(first, headers, reached, late.signal);
  } finally {
    forget();
  }
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostHops = 10;

/** GETs until an answer leads nowhere else. */
async function followed(
  first: string,
  headers: Record<string, string>,
  reached: Reached,
  tooLate: AbortSignal,
): Promise<Outcome> {
  let url = first;
  for (let hops = 0; ; hops++) {
    const answer = await getOnce(url, headers, reached, tooLate);
    if (typeof answer === 'string') return failure(`Get "${url}": ${answer}`);
    const { status, location, body } = answer;
    if (status < 200 || status >= 400) return failure(`HTTP probe failed with statuscode: ${status}`);
    if (status < 300) return success;
    const next = redirects.has(status) && location !== undefined && URL.parse(location, url);
    if (!next || next.hostname !== new URL(first).hostname)
      return { ...success, warning: `Probe terminated redirects, Response body: ${body}` };
    if (hops === mostHops) return failure(`Get "${next}": stopped after ${mostHops} redirects`);
    url = next.href;
  }
}

interface Answer {
  status: number;
  location: string | undefined;
  /** Is what came first of it. */
  body: string;
}

/** Answers a text where nothing came of it. */
function getOnce(
  url: string,
  headers: Record<string, string>,
  reached: Reached,
  tooLate: AbortSignal,
): Promise<Answer | string> {
  const { protocol, hostname, port: named } = new URL(url);
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const port = Number(named || (secure ? 443 : 80));
  const place = reached(host, port);
  const isElsewhere = place.host !== host || place.port !== port;
  const elsewhere = isElsewhere && {
    ...{ hostname: place.host, port: place.port },
    headers: { Host: `${host}:${port}`, ...headers },
  };
  return new Promise<Answer | string>((resolve) => {
    const end = (answer: Answer | string) => {
      tooLate.removeEventListener('abort', late);
      resolve(answer);
      request.destroy();
    };
    const late = () => end('context deadline exceeded (Client.Timeout exceeded while awaiting headers)');
    const ask = secure ? httpsRequest : httpRequest;
    const options = { ...requestTo(place, secure), headers, rejectUnauthorized: false, ...elsewhere };
    const request = ask(url, options, (response) => {
      const { statusCode: status = 0, headers: told } = response;
      const chunks: Buffer[] = [];
      let read = 0;
      const judged = () =>
        end({ status, location: told.location, body: Buffer.concat(chunks).toString('utf8', 0, bodyBytes) });
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        chunks.push(chunk);
        if (read > bodyBytes) judged();
      });
      response.on('end', judged);
      response.on('error', judged);
    });
    request.on('error', (error) => end(dialError(error, host, port)));
    request.end();
    if (tooLate.aborted) late();
    else tooLate.addEventListener('abort', late);
  });
}

/** Opens a connection and closes it. */
export async function tcpConnect(
  action: TCPSocketAction,
  podIP: string,
  container: Container,
  timeoutMs: number,
  reached: Reached = atItself,
) {
  const port = portNumber(action.port, container);
  if (!port) return failure(`unable to resolve port "${action.port}"`);
  const host = action.host || podIP;
  try {
    (await connectTo(reached(host, port), { timeoutMs })).on('error', () => {}).destroy();
    return success;
  } catch (error) {
    return failure(dialError(error as Error, host, port));
  }
}

export const success: Outcome = { ok: true, message: '' };
export const failure = (message: string): Outcome => ({ ok: false, message });

const words: Record<string, string> = table({
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by peer',
  EHOSTUNREACH: 'no route to host',
});

function dialError(error: Error, host: string, port: number): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ETIMEDOUT') return `dial tcp ${host}:${port}: i/o timeout`;
  const word = words[code];
  return word ? `dial tcp ${host}:${port}: connect: ${word}` : error.message;
}

import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Container, HTTPGetAction, TCPSocketAction } from '../../../../shared/kinds/schema/types.ts';
import { table } from '../../../../shared/meta/table.ts';
import { portNumber } from '../../../../shared/podspec/probe.ts';
import { atItself, type Reached } from '../../podNetwork.ts';
import { connectTo, requestTo } from '../../sockets.ts';

/** Describes what a probe or a hook found; `message` says why not, as kubelet does. */
export interface Outcome {
  ok: boolean;
  message: string;
}

const agent = 'kube-probe/1.35';
const bodyBytes = 10 * 1024;

/** GETs once; every status from 200 to 399 is a success. */
export function httpGet(
  action: HTTPGetAction,
  podIP: string,
  container: Container,
  timeoutMs: number,
  reached: Reached = atItself,
) {
  const port = portNumber(action.port, container);
  if (!port) return Promise.resolve(failure(`unable to resolve port "${action.port}"`));
  const secure = action.scheme === 'HTTPS';
  const host = action.host || podIP;
  const path = action.path?.startsWith('/') ? action.path : `/${action.path ?? ''}`;
  const url = `${secure ? 'https' : 'http'}://${host}:${port}${path}`;
  const headers: Record<string, string> = table({ 'User-Agent': agent, Accept: '*/*', Connection: 'close' });
  for (const { name, value } of action.httpHeaders ?? []) headers[name] = value;
  const place = reached(host, port);
  const isElsewhere = place.host !== host || place.port !== port;
  const elsewhere = isElsewhere && {
    ...{ hostname: place.host, port: place.port },
    headers: { Host: `${host}:${port}`, ...headers },
  };
  return new Promise<Outcome>((resolve) => {
    const end = (outcome: Outcome) => {
      clearTimeout(timer);
      resolve(outcome);
      request.destroy();
    };
    // A driver's own time-out: it guards a socket, which knows no other clock.
    const timer = setTimeout(
      () =>
        end(
          failure(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`),
        ),
      timeoutMs,
    );
    const ask = secure ? httpsRequest : httpRequest;
    const options = { ...requestTo(place, secure), headers, rejectUnauthorized: false, ...elsewhere };
    const request = ask(url, options, (response) => {
      const status = response.statusCode ?? 0;
      let read = 0;
      const judged = () =>
        end(
          status >= 200 && status < 400 ? success : failure(`HTTP probe failed with statuscode: ${status}`),
        );
      response.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > bodyBytes) judged();
      });
      response.on('end', judged);
      response.on('error', judged);
    });
    request.on('error', (error) => end(failure(`Get "${url}": ${dialError(error, host, port)}`)));
    request.end();
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

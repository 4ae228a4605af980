import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ApiError } from '../../../shared/errors/apiError.ts';
import { refuseUpgrade } from '../../refuseUpgrade.ts';
import { failureOf } from '../failure.ts';
import { forward } from '../forward/forward.ts';
import type { Session } from '../session/connect.ts';
import type { Upstream } from '../upstream.ts';
import { bridge } from './bridge.ts';
import { follow } from './follow.ts';
import { inFrames } from './framed/talk.ts';
import { onTerminal } from './terminal.ts';
import { isWebSocket, type Wanted, wantedBy } from './wanted.ts';

const mostRefused = 100;

interface Refusal {
  code: number;
  text: string;
}

/** Takes the upgrades of a server: has the API open a session or a log, and joins the two. */
export function bridgeUpgrades(
  upstream: Upstream,
  refusalOf: (request: IncomingMessage) => ApiError | undefined,
): { take(request: IncomingMessage, socket: Duplex, head: Buffer): void; close(): void } {
  const open = new Set<Duplex>();
  // kubectl hears no more of a refusal than that it was one, and asks again in the old way: then it is told why.
  const refused = new Map<string, Refusal>();
  const take = async (request: IncomingMessage, socket: Duplex) => {
    const url = request.url ?? '';
    const before = refused.get(url);
    refused.delete(url);
    if (before && !isWebSocket(request)) return refuseUpgrade(socket, before.code, before.text);
    const answer = await answerTo(upstream, request, refusalOf).catch(failureOf);
    if (typeof answer === 'function') return answer(request, socket);
    if (refused.size > mostRefused) refused.clear();
    if (isWebSocket(request)) refused.set(url, answer);
    refuseUpgrade(socket, answer.code, answer.text);
  };
  return {
    take: (request, socket, head) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      socket.on('error', () => {});
      if (head.length) socket.unshift(head);
      void take(request, socket);
    },
    close: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

/** Describes what goes on with a connection. */
type Join = (request: IncomingMessage, socket: Duplex) => void;

async function answerTo(
  upstream: Upstream,
  request: IncomingMessage,
  refusalOf: (request: IncomingMessage) => ApiError | undefined,
): Promise<Join | Refusal> {
  const refusal = refusalOf(request);
  if (refusal) throw refusal;
  const wanted = wantedBy(request);
  const found = await ask(upstream, wanted);
  const { statusCode: code = 502 } = found;
  if (code >= 300) return { code, text: await text(found) };
  if (wanted.is === 'attach') return (...ends) => void follow(...ends, found);
  const said = JSON.parse(await text(found));
  if (wanted.is === 'portforward')
    return (...ends) => forward(...ends, `pod ${wanted.pod}`, (port) => openPort(upstream, wanted, port));
  return (...ends) => bridge(...ends, said as Session, wanted.tty ? onTerminal : inFrames);
}

async function openPort(upstream: Upstream, wanted: Wanted, port: number): Promise<Session> {
  const found = await ask(upstream, { ...wanted, path: `${wanted.path}?port=${port}` });
  const said = JSON.parse(await text(found));
  if ((found.statusCode ?? 502) >= 300) throw new Error(said.message);
  return said as Session;
}

async function ask(upstream: Upstream, { method, path, headers }: Wanted): Promise<IncomingMessage> {
  const { sent, answer } = await upstream.send(method, path, headers);
  sent.end();
  return answer;
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { nodeHttp } from '../../../local/drivers/nodeHttp.ts';
import { ApiError, isReason } from '../../../shared/errors/apiError.ts';
import { refuseUpgrade } from '../../refuseUpgrade.ts';
import type { PageFiles } from '../files.ts';
import { change } from './change.ts';
import { type Door, openDoor } from './door.ts';
import { entrance, refusedEntrance } from './entrance.ts';
import { exec } from './exec.ts';
import { statusOf } from './failure.ts';
import { answer, answerJson } from './headers.ts';
import { read } from './read.ts';
import { targetOf } from './target.ts';
import type { Upstream } from './upstream.ts';
import { watch } from './watches.ts';

const { createServer } = nodeHttp;

export interface ConsoleOptions {
  upstream: Upstream;
  files: PageFiles;
  /** 0: any free one. */
  port: number;
  /** Whether the page may change objects and open shells; else nothing but GET leaves for the server. */
  isWritable: boolean;
  now(): number;
}

export interface Console {
  /** Lets one browser in. */
  address: string;
  close(): Promise<void>;
}

/** Serves the page and what it asks of the API, with the rights of the user, on loopback only. */
export async function openConsole(options: ConsoleOptions): Promise<Console> {
  const server = createServer({ maxHeaderSize: 16_384 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const door = openDoor((server.address() as AddressInfo).port, options.now);
  const upgraded = new Set<Duplex>();
  server.on('request', (request, response) => {
    serve(options, door, request, response).catch((error) => tell(error, response));
  });
  server.on('upgrade', (request, socket, head) => {
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    socket.on('error', () => {});
    if (head.length) socket.unshift(head);
    serveUpgrade(options, door, request, socket).catch((error) => refuse(socket, error));
  });
  return {
    address: door.address,
    close: () => {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  options: ConsoleOptions,
  door: Door,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  door.checkHost(request.headers);
  const { path, search } = urlOf(request, door);
  const token = path === '' && request.method === 'GET' ? search.get('token') : null;
  if (token !== null) {
    const cookie = door.redeem(token);
    if (cookie) return entrance(response, cookie);
  }
  try {
    door.check(request);
  } catch (error) {
    if (path === '' && request.method === 'GET' && isReason(error, 'Unauthorized'))
      return refusedEntrance(response);
    throw error;
  }
  const { upstream, files, isWritable } = options;
  const isChange = request.method === 'PUT' && isWritable;
  if (request.method !== 'GET' && !isChange)
    throw new ApiError(
      'MethodNotAllowed',
      isWritable
        ? 'the console replaces objects, no more'
        : 'this console is for reading: start it with --write',
    );
  const ending = new AbortController();
  response.once('close', () => ending.abort());
  const { signal } = ending;
  const own = path === '' ? 'index.html' : path;
  if (!isChange && Object.hasOwn(files, own)) return answer(response, files[own]!.type, files[own]!.body);
  if (!isChange && path === 'about') return answerJson(response, about(options));
  if (!isChange && path === 'resources') return answerJson(response, await upstream.resources());
  if (!isChange && path === 'watch') return watch(upstream, search.getAll('path'), response, signal);
  const target = targetOf(`/${path}`, await upstream.resources());
  if (isChange) return change(upstream, { target, search, request, signal }, response);
  const asYaml = request.headers.accept === 'application/yaml';
  return read(upstream, { target, search, asYaml, signal }, response);
}

async function serveUpgrade(
  { upstream, isWritable }: ConsoleOptions,
  door: Door,
  request: IncomingMessage,
  socket: Duplex,
): Promise<void> {
  door.check(request);
  const { path, search } = urlOf(request, door);
  if (!isWritable) throw new ApiError('Forbidden', 'this console is for reading: start it with --write');
  const ending = new AbortController();
  socket.once('close', () => ending.abort());
  const target = targetOf(`/${path}`, await upstream.resources());
  await exec(upstream, { target, search, request, signal: ending.signal }, socket);
}

/** The path below the door's, as it was sent: nothing in it is resolved. */
function urlOf({ url = '' }: IncomingMessage, door: Door): { path: string; search: URLSearchParams } {
  const [path = '', ...search] = url.split('?');
  if (!path.startsWith(door.path)) throw new ApiError('NotFound', 'there is nothing here');
  return { path: path.slice(door.path.length), search: new URLSearchParams(search.join('?')) };
}

/** Is what the page tells of where it is. */
const about = ({ upstream, isWritable }: ConsoleOptions) => {
  const { context, server, namespace } = upstream.endpoint;
  return { context, server, namespace, isWritable };
};

function tell(error: unknown, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const status = statusOf(error);
  answerJson(response, status, status.code);
}

function refuse(socket: Duplex, error: unknown): void {
  const status = statusOf(error);
  refuseUpgrade(socket, status.code, JSON.stringify(status));
}

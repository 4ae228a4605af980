import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

interface FakeContainer {
  Id: string;
  name: string;
  Labels: Record<string, string>;
  State: { Status: string; Running: boolean; ExitCode: number; StartedAt: string; FinishedAt: string };
}

/** As much of an engine's API as order, adoption and lost events need, in memory. */
export interface FakeEngine {
  socket: string;
  containers: Map<string, FakeContainer>;
  /** Requests as they came: `POST /containers/create`. */
  asked: string[];
  /** Ends a container; `isTold` whether an event says so. */
  end(id: string, exitCode: number, isTold: boolean): void;
  /** Cuts the connections on which events are heard. */
  cutEvents(): void;
  /** What the next pull streams. */
  pull: object[];
  /** What the engine says of an archive that it is given, and the archives that it was. */
  load: object[];
  loaded: Buffer[];
  close(): Promise<void>;
}

const never = '0001-01-01T00:00:00Z';

export async function startFakeEngine(apiVersion = '1.41'): Promise<FakeEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'shallop-fake-engine-'));
  const listeners = new Set<ServerResponse>();
  let serial = 0;

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: Error) => refuse(response, 500, error.message));
  });
  const engine: FakeEngine = {
    socket: join(folder, 'engine.sock'),
    containers: new Map(),
    asked: [],
    pull: [],
    load: [],
    loaded: [],
    end(id, exitCode, isTold) {
      const { State, Labels } = engine.containers.get(id)!;
      const FinishedAt = new Date(Date.parse(State.StartedAt) + 1000).toISOString();
      Object.assign(State, { Status: 'exited', Running: false, ExitCode: exitCode, FinishedAt });
      const event = { Type: 'container', Action: 'die', Actor: { ID: id, Attributes: Labels } };
      if (isTold) for (const each of listeners) each.write(`${JSON.stringify(event)}\n`);
    },
    cutEvents() {
      for (const each of listeners) each.destroy();
      listeners.clear();
    },
    async close() {
      engine.cutEvents();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      rmSync(folder, { recursive: true });
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://engine');
    const [, version, path = url.pathname] = /^\/v([\d.]+)(\/.*)$/.exec(url.pathname) ?? [];
    engine.asked.push(`${request.method} ${path}`);
    if (path === '/_ping') return void response.writeHead(200, { 'api-version': apiVersion }).end('OK');
    if (version !== apiVersion) return refuse(response, 400, `client version ${version} is too new`);
    if (path === '/version') return say(response, { Version: 'fake', Arch: 'amd64', Components: [] });
    if (path === '/info') return say(response, { NCPU: 3, MemTotal: 1024 });
    if (path === '/events') return hear(response);
    if (path === '/images/create') {
      for (const line of engine.pull) response.write(`${JSON.stringify(line)}\n`);
      return void response.end();
    }
    if (path === '/images/load') {
      engine.loaded.push(Buffer.concat(await request.toArray()));
      for (const line of engine.load) response.write(`${JSON.stringify(line)}\n`);
      return void response.end();
    }
    if (path.startsWith('/images/') && path.endsWith('/tag')) {
      engine.asked.push(
        `tag ${path.slice(8, -4)} ${url.searchParams.get('repo')}:${url.searchParams.get('tag')}`,
      );
      return void response.writeHead(201).end();
    }
    if (path.startsWith('/images/'))
      return path.includes('absent')
        ? refuse(response, 404, 'No such image')
        : say(response, { Id: 'sha256:i', Config: {} });
    if (path === '/containers/json') return say(response, listed(url.searchParams));
    if (path === '/containers/create') return create(url.searchParams.get('name') ?? '', request, response);
    return one(path, request.method ?? '', response);
  }

  function hear(response: ServerResponse): void {
    response.writeHead(200);
    response.flushHeaders();
    listeners.add(response);
  }

  function listed(query: URLSearchParams) {
    const { label = [] } = JSON.parse(query.get('filters') ?? '{}') as { label?: string[] };
    return [...engine.containers.values()].filter(
      ({ State, Labels }) =>
        (query.get('all') || State.Running) &&
        label.every((each) => {
          const [key = '', value] = each.split('=');
          return value === undefined ? key in Labels : Labels[key] === value;
        }),
    );
  }

  async function create(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (find(name)) return refuse(response, 409, `Conflict. The container name "/${name}" is already in use`);
    const { Labels } = (await json(request)) as Pick<FakeContainer, 'Labels'>;
    const State = { Status: 'created', Running: false, ExitCode: 0, StartedAt: never, FinishedAt: never };
    const Id = `id${serial++}`;
    engine.containers.set(Id, { Id, name, Labels, State });
    say(response, { Id });
  }

  const find = (key: string) =>
    engine.containers.get(key) ?? [...engine.containers.values()].find(({ name }) => name === key);

  function one(path: string, method: string, response: ServerResponse): void {
    const [, , key = '', verb] = path.split('/');
    const found = find(key);
    if (!found) {
      refuse(response, 404, `No such container: ${key}`);
      return;
    }
    if (method === 'DELETE') engine.containers.delete(found.Id);
    if (verb === 'start')
      Object.assign(found.State, { Status: 'running', Running: true, StartedAt: '2026-01-01T00:00:00Z' });
    if (verb === 'kill') engine.end(found.Id, 137, true);
    if (verb !== 'json') return void response.writeHead(204).end();
    say(response, { ...found, NetworkSettings: { Networks: { bridge: { IPAddress: '172.17.0.9' } } } });
  }

  server.listen(engine.socket);
  await once(server, 'listening');
  return engine;
}

const say = (response: ServerResponse, body: object) => void response.end(JSON.stringify(body));
const refuse = (response: ServerResponse, status: number, message: string) =>
  void response.writeHead(status).end(JSON.stringify({ message }));

import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server as SecureServer, TLSSocket } from 'node:tls';
import type { Clock } from '../../../shared/clock/clock.ts';
import type {
  RoutedBackend,
  RoutedCertificate,
  RoutedHost,
  RoutedPort,
  RouteRule,
  Routing,
} from '../../../shared/ports/cloud.ts';
import type { ServiceUse } from '../network/demand/serviceUse.ts';
import { Backends } from '../network/proxy/backends.ts';
import type { Reached } from '../podNetwork.ts';
import { plain } from './answers.ts';
import { Certificates } from './certificates.ts';
import { nameOf } from './changes.ts';
import { forwardRequest, forwardUpgrade, responseOn, type Target } from './forward.ts';
import { Hosts } from './hosts.ts';
import { type Asked, matcher, Prepared } from './matching.ts';
import type { Reachable } from './outgoing.ts';
import { createHttpServer } from './protocols.ts';
import { createDecryptingServer, createPassthroughServer } from './streams.ts';
import { type Means, targetOf } from './target.ts';
import { Turns } from './turns.ts';

/** Requests to a Pod that has gone are cut after this, in milliseconds. */
const drainLimitMs = 30_000;

/** Returns what counts the uses of a Service; undefined where nobody asks. */
type UseOf = (namespace: string, name: string) => ServiceUse | undefined;

/** What a port serves now. */
interface Served {
  hosts: Hosts<RoutedHost & { find(asked: Asked): RouteRule | undefined }>;
  certificates: Certificates;
}

/** Routes the requests of its servers by what Ingresses or HTTPRoutes say. Everything of it changes under way. */
export class Router {
  /** Those that were upgraded too, which a server knows nothing of any more. */
  readonly #sockets = new Map<Socket, Server | SecureServer>();
  readonly #clock: Clock;
  readonly #reached: Reached | undefined;
  readonly #useOf: UseOf;
  readonly #servers = new Map<number, Server | SecureServer>();
  readonly #served = new Map<number, Served>();
  readonly #backends = new Map<string, Backends>();
  readonly #facts = new Map<string, RoutedBackend>();
  readonly #turns = new Turns();
  #prepared: Prepared | undefined;
  /** Where ports are reached that are not what they are called. */
  readonly #elsewhere = new Map<number, number>();
  readonly #means: Means;

  constructor(clock: Clock, reached?: Reached, useOf: UseOf = () => undefined) {
    this.#clock = clock;
    this.#reached = reached;
    this.#useOf = useOf;
    this.#means = {
      clock,
      turns: this.#turns,
      backends: this.#backends,
      facts: this.#facts,
      reached: (port) => this.#elsewhere.get(port) ?? port,
    };
  }

  /** A server for a port of the routing, which somebody else has listen. */
  server(port: number, isSecure: boolean, streams?: RoutedPort['streams']): Server | SecureServer {
    const server = streams
      ? this.#handingOn(port, streams)
      : this.#serving(createHttpServer(isSecure ? this.#tlsOptions(port) : undefined), port, isSecure);
    server.on('connection', (socket: Socket) => {
      this.#sockets.set(socket, server);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#servers.set(port, server);
    this.#served.set(port, { hosts: new Hosts(), certificates: new Certificates() });
    return server;
  }

  /** No server serves the port any more. */
  forget(port: number): void {
    this.#servers.delete(port);
    this.#served.delete(port);
    this.#elsewhere.delete(port);
  }

  /** Tells where a port of the routing is reached. */
  isReachedAt(port: number, there: number): void {
    this.#elsewhere.set(port, there);
  }

  /** What is under way goes on as it began. Answers why certificates cannot be used that cannot. */
  update({ ports, backends }: Routing): Map<RoutedCertificate, Error> {
    for (const [key, backend] of backends) {
      const { namespace, service, endpoints } = backend;
      this.#facts.set(key, backend);
      const known = this.#backends.get(key) ?? this.#backendsOf(this.#useOf(namespace, service));
      this.#backends.set(key, known);
      known.update(endpoints);
    }
    for (const [key, known] of this.#backends)
      if (!backends.has(key)) {
        this.#backends.delete(key);
        this.#facts.delete(key);
        known.end();
      }
    const problems = new Map<RoutedCertificate, Error>();
    const prepared = new Prepared(this.#prepared);
    this.#prepared = prepared;
    for (const { port, hosts, certificates = [] } of ports) {
      const served = this.#served.get(port);
      if (!served) continue;
      served.hosts = new Hosts();
      for (const each of hosts)
        served.hosts.add(each.host, { ...each, find: matcher(each.rules, prepared) }, each.isOneLabel);
      const { fallback } = served.certificates;
      for (const [certificate, error] of served.certificates.update(certificates))
        problems.set(certificate, error);
      const server = this.#servers.get(port);
      const next = served.certificates.fallback;
      if (server && 'setSecureContext' in server && next !== fallback) server.setSecureContext(next ?? {});
    }
    const names = new Set<string>();
    for (const rules of prepared.lists) for (const { name } of rules) names.add(name);
    this.#turns.keep(names);
    return problems;
  }

  /** Cuts the connections that are open, of one server or of all, those of other protocols too. */
  cut(server?: Server | SecureServer): void {
    for (const [socket, of] of this.#sockets) if (!server || of === server) socket.destroy();
  }

  /** Returns whether requests are sent to an address as to one that is ready. */
  offers(address: string): boolean {
    return [...this.#backends.values()].some((backends) => backends.offers(address));
  }

  /** A Pod's address went away with its network. */
  podGone(address: string): void {
    for (const backends of this.#backends.values()) backends.lost(address);
  }

  #backendsOf(use: ServiceUse | undefined): Backends {
    return new Backends(this.#clock, drainLimitMs, this.#reached, use);
  }

  #tlsOptions(port: number) {
    return {
      minVersion: 'TLSv1.2' as const,
      handshakeTimeout: 10_000,
      SNICallback: (name: string, done: (error: null, context?: ReturnType<Certificates['find']>) => void) =>
        done(null, this.#served.get(port)?.certificates.find(name)),
    };
  }

  #handingOn(port: number, streams: 'decrypted' | 'encrypted'): Server {
    const placeFor = (name: string): Reachable | undefined => {
      const rule = this.#served
        .get(port)
        ?.hosts.find(name)
        ?.rules.find((rules) => rules.length > 0)?.[0];
      const key = rule && this.#turns.next(rule)?.backend;
      const backends = key === undefined ? undefined : this.#backends.get(key);
      return backends && { backends, clock: this.#clock };
    };
    return streams === 'encrypted'
      ? createPassthroughServer(placeFor)
      : createDecryptingServer(this.#tlsOptions(port), placeFor);
  }

  #serving(server: HttpServer, port: number, isSecure: boolean): HttpServer {
    // Uploads and quiet programs take as long as they take.
    server.requestTimeout = 0;
    server.keepAliveTimeout = 65_000;
    server.on('request', (request, response) => {
      const target = this.#targetFor(request, response, port, isSecure);
      if (target) forwardRequest(request, response, target).catch(() => response.destroy());
    });
    server.on('upgrade', (request: IncomingMessage, client: Duplex, head: Buffer) => {
      const response = responseOn(request, client);
      const target = this.#targetFor(request, response, port, isSecure);
      if (target) forwardUpgrade(request, response, client, head, target).catch(() => client.destroy());
    });
    server.on('clientError', (_, socket) => socket.destroy());
    server.on('tlsClientError', () => {});
    return server;
  }

  /** Where a request goes; undefined when it has its answer already. */
  #targetFor(
    request: IncomingMessage,
    response: ServerResponse,
    port: number,
    isSecure: boolean,
  ): Target | undefined {
    const { headers, url = '/', method = 'GET' } = request;
    const hosts = this.#served.get(port)?.hosts;
    const host = hosts?.find(nameOf(headers.host ?? ''));
    const greeted = isSecure && (request.socket as TLSSocket).servername;
    if (greeted && hosts?.find(greeted.toLowerCase())?.owner !== host?.owner)
      return void plain(response, 421, 'the connection was opened for another host\n');
    try {
      const rule = host?.find({ url, method, headers });
      if (!rule) return void plain(response, 404, 'no rule is for this host and path\n');
      return targetOf(rule, { request, response, port, isSecure }, this.#means);
    } catch {
      return void plain(response, 500, 'the rules cannot be followed for this request\n');
    }
  }
}

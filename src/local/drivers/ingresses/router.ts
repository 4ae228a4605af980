import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as SecureServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { IngressMember, IngressNotice } from '../../../shared/ports/cloud.ts';
import type { ServiceUse } from '../network/demand/serviceUse.ts';
import { Backends } from '../network/proxy/backends.ts';
import type { Reached } from '../podNetwork.ts';
import { Certificates } from './certificates.ts';
import { forwardRequest, forwardUpgrade, plain } from './forward.ts';
import { backendKey, type Routes, routesOf } from './routes.ts';

/** Requests to a Pod that has gone are cut after this, in milliseconds. */
const drainLimitMs = 30_000;

/** Returns what counts the uses of a Service; undefined where nobody asks. */
type UseOf = (namespace: string, name: string) => ServiceUse | undefined;

/** Routes the requests of two servers by what Ingresses say. Rules, endpoints and certificates change under way. */
export class Router {
  readonly http: Server;
  readonly https: SecureServer;
  /** Those that were upgraded too, which a server knows nothing of any more. */
  readonly #sockets = new Set<Socket>();
  readonly #clock: Clock;
  readonly #reached: Reached | undefined;
  readonly #useOf: UseOf;
  readonly #certificates = new Certificates();
  readonly #backends = new Map<string, Backends>();
  #routes: Routes = routesOf([]);

  constructor(clock: Clock, reached?: Reached, useOf: UseOf = () => undefined) {
    this.#clock = clock;
    this.#reached = reached;
    this.#useOf = useOf;
    this.http = this.#serving(createServer(), false);
    const server = createTlsServer({
      minVersion: 'TLSv1.2',
      handshakeTimeout: 10_000,
      SNICallback: (name, done) => done(null, this.#certificates.find(name)),
    });
    this.https = this.#serving(server, true);
  }

  /** What is under way goes on as it began. */
  update(members: readonly IngressMember[]): IngressNotice[] {
    const wanted = new Set<string>();
    for (const { ingress, backends } of members)
      for (const { service, port, endpoints } of backends) {
        const { namespace = '' } = ingress.metadata;
        const key = backendKey(namespace, service, port);
        wanted.add(key);
        const known = this.#backends.get(key) ?? this.#backendsOf(this.#useOf(namespace, service));
        this.#backends.set(key, known);
        known.update(endpoints);
      }
    for (const [key, backends] of this.#backends)
      if (!wanted.has(key)) {
        this.#backends.delete(key);
        backends.end();
      }
    this.#routes = routesOf(members);
    const problems = this.#certificates.update(members);
    this.https.setSecureContext(this.#certificates.fallback ?? {});
    return problems;
  }

  /** Cuts the connections that are open, those of other protocols too. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** A Pod's address went away with its network. */
  podGone(address: string): void {
    for (const backends of this.#backends.values()) backends.lost(address);
  }

  #serving<T extends Server | SecureServer>(server: T, isSecure: boolean): T {
    // Uploads and quiet programs take as long as they take.
    server.requestTimeout = 0;
    server.keepAliveTimeout = 65_000;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    const options = { clock: this.#clock, isSecure };
    server.on('request', (request, response) => {
      const backends = this.#backendsFor(request);
      if (!backends) return plain(response, 404, 'no rule is for this host and path\n');
      forwardRequest(request, response, backends, options).catch(() => response.destroy());
    });
    server.on('upgrade', (request: IncomingMessage, client: Duplex, head: Buffer) => {
      const backends = this.#backendsFor(request);
      if (!backends) return void client.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n');
      forwardUpgrade(request, client, head, backends, options).catch(() => client.destroy());
    });
    server.on('clientError', (_, socket) => socket.destroy());
    server.on('tlsClientError', () => {});
    return server;
  }

  #backendsFor({ headers, url = '/' }: IncomingMessage): Backends | undefined {
    const host = (headers.host ?? '').replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();
    const key = this.#routes.find(host, url.split('?', 1)[0]!);
    return key === undefined ? undefined : (this.#backends.get(key) ?? this.#backendsOf(undefined));
  }

  #backendsOf(use: ServiceUse | undefined): Backends {
    return new Backends(this.#clock, drainLimitMs, this.#reached, use);
  }
}

import { Connection } from '../../kube/connection.ts';
import { discover, type Resource } from '../../kube/discovery.ts';
import { execCredential } from '../../kube/exec.ts';
import { ServerError } from '../../kube/failure.ts';
import type { Endpoint } from '../../kube/kubeconfig.ts';

/** The API server of a context for as long as the console runs: credentials that end are renewed. */
export interface Upstream {
  readonly endpoint: Endpoint;
  /** Runs it with a connection, and once more with new credentials when those in use are refused. */
  with<T>(run: (connection: Connection) => Promise<T>): Promise<T>;
  /** What the server serves; asked again after a while, since definitions come and go. */
  resources(): Promise<Resource[]>;
  close(): void;
}

const marginMs = 60_000;
const resourcesMs = 20_000;

export function openUpstream(endpoint: Endpoint, signal: AbortSignal, now: () => number): Upstream {
  /** Are those with sockets of their own, the newest last: streams may still use the others. */
  const opened: Connection[] = [];
  let current: Promise<{ connection: Connection; goodUntil: number }> | undefined;
  let known: { resources: Promise<Resource[]>; goodUntil: number } | undefined;
  const isRenewable = Boolean(endpoint.exec ?? endpoint.tokenFile);

  async function connect() {
    const given: Partial<Endpoint> = endpoint.exec ? await execCredential(endpoint.exec, endpoint) : {};
    const connection = opened.at(-1)?.renewed(given) ?? opens({ ...endpoint, ...given });
    return { connection, goodUntil: goodUntil(given) };
  }

  function opens(whole: Endpoint): Connection {
    const connection = new Connection(whole, signal, () => {});
    opened.push(connection);
    return connection;
  }

  /** Files are read again as often as client-go does. */
  function goodUntil({ expiresAt }: Partial<Endpoint>): number {
    if (expiresAt) return Date.parse(expiresAt) - marginMs;
    return endpoint.tokenFile && !endpoint.token ? now() + marginMs : Number.POSITIVE_INFINITY;
  }

  /** The connection in use. Whoever finds that its credentials ended forgets it, unless another has done so before. */
  async function held(): Promise<{ connection: Connection; forget(): void }> {
    const before = current;
    if (before && (await before).goodUntil < now() && current === before) current = undefined;
    current ??= connect();
    const asked = current;
    const forget = () => {
      if (current === asked) current = undefined;
    };
    asked.catch(forget);
    return { connection: (await asked).connection, forget };
  }

  const upstream: Upstream = {
    endpoint,
    with: async (run) => {
      const { connection, forget } = await held();
      try {
        return await run(connection);
      } catch (error) {
        if (!isRenewable || !(error instanceof ServerError) || error.status.code !== 401) throw error;
        forget();
        return run((await held()).connection);
      }
    },
    resources: () => {
      if (known && known.goodUntil > now()) return known.resources;
      const resources = upstream.with(discover);
      known = { resources, goodUntil: now() + resourcesMs };
      resources.catch(() => {
        known = undefined;
      });
      return resources;
    },
    close: () => {
      for (const each of opened) each.close();
    },
  };
  return upstream;
}

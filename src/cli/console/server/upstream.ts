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
  const opened: Connection[] = [];
  let current: Promise<{ connection: Connection; goodUntil: number }> | undefined;
  let known: { resources: Promise<Resource[]>; goodUntil: number } | undefined;
  const isRenewable = Boolean(endpoint.exec ?? endpoint.tokenFile);

  async function connect() {
    const given: Partial<Endpoint> = endpoint.exec ? await execCredential(endpoint.exec, endpoint) : {};
    const connection = new Connection({ ...endpoint, ...given }, signal, () => {});
    opened.push(connection);
    return { connection, goodUntil: goodUntil(given) };
  }

  /** Files are read again as often as client-go does. */
  function goodUntil({ expiresAt }: Partial<Endpoint>): number {
    if (expiresAt) return Date.parse(expiresAt) - marginMs;
    return endpoint.tokenFile && !endpoint.token ? now() + marginMs : Number.POSITIVE_INFINITY;
  }

  async function connection(): Promise<Connection> {
    if (current && (await current).goodUntil < now()) current = undefined;
    current ??= connect();
    const asked = current;
    asked.catch(() => {
      if (current === asked) current = undefined;
    });
    return (await asked).connection;
  }

  const upstream: Upstream = {
    endpoint,
    with: async (run) => {
      const first = await connection();
      try {
        return await run(first);
      } catch (error) {
        if (!isRenewable || !(error instanceof ServerError) || error.status.code !== 401) throw error;
        current = undefined;
        return run(await connection());
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

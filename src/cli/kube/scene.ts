import { table } from '../../shared/meta/table.ts';
import { type Call, type Io, type Option, UsageError, type Verb } from '../verb.ts';
import { type Connection, connect } from './connection.ts';
import type { Resource } from './discovery.ts';
import { endpointOf } from './kubeconfig.ts';
import { type Served, servedBy } from './served.ts';

/** Describes what a verb that speaks to an API server works with. */
export interface Scene extends Served {
  call: Call;
  io: Io;
  connection: Connection;
  /** The namespace asked for, or the context's. */
  namespace: string;
  /** Returns whether the server is a shallop: then nothing of anybody else's can be meant. */
  isShallop(): Promise<boolean>;
}

/** Options of every verb that speaks to an API server. */
export const connectionOptions: Record<string, Option> = table({
  namespace: { type: 'string', short: 'n', value: 'NAME', help: 'namespace (default: that of the context)' },
  cluster: { type: 'string', value: 'NAME', help: 'a logical cluster of the same server' },
  context: {
    type: 'string',
    value: 'NAME',
    help: 'context of the kubeconfig (default: the current context)',
  },
  kubeconfig: { type: 'string', value: 'FILE', help: 'kubeconfig file (KUBECONFIG, else ~/.kube/config)' },
});

export const selectorOption: Record<string, Option> = table({
  selector: { type: 'string', short: 'l', value: 'QUERY', help: 'label selector: a=b,c!=d' },
});

type KubeVerb = Omit<Verb, 'run'> & {
  /**
   * Whether it reads from this server and speaks to no other: it may take what an earlier command was told of what is
   * served, asks `anew` where that will not do, and trusts the authority of the kubeconfig alone.
   */
  onlyReads?: boolean;
  run(scene: Scene): Promise<number>;
};

/** A verb with a connection to the server that the kubeconfig names. */
export const kubeVerb = ({ run, options, onlyReads, ...rest }: KubeVerb): Verb => ({
  ...rest,
  options: { ...options, ...connectionOptions },
  endsAtOnce: true,
  run: (call, io) => withScene(call, io, run, onlyReads),
});

export async function withScene(
  call: Call,
  io: Io,
  run: (scene: Scene) => Promise<number>,
  onlyReads = false,
): Promise<number> {
  const endpoint = await endpointOf(
    {
      kubeconfig: call.text('kubeconfig'),
      context: call.text('context'),
      namespace: call.text('namespace'),
      cluster: call.text('cluster'),
    },
    io,
  );
  const warn = (warning: string) => io.err(`Warning: ${warning}`);
  const connection = await connect(endpoint, io.interrupted, warn, onlyReads);
  const served = servedBy(connection, { endpoint, env: io.env, now: Date.now, mayRecall: onlyReads });
  let judged: Promise<boolean> | undefined;
  const isShallop = () => {
    judged ??= isServedByShallop(connection.server, served.resources);
    return judged;
  };
  try {
    if (!(await isShallop()))
      io.err(`Note: acting on ${endpoint.server} (context "${endpoint.context}"), which is no shallop`);
    return await run({ call, io, connection, namespace: endpoint.namespace, ...served, isShallop });
  } catch (error) {
    if (io.interrupted.aborted) return 130;
    throw error;
  } finally {
    connection.close();
  }
}

/**
 * Only shallop has logical clusters. What nearly every verb asks for tells it: a request of its own would be one more to wait for.
 * A server that does not answer is left to the verb, which says so.
 */
const isServedByShallop = async (server: string, resources: () => Promise<Resource[]>): Promise<boolean> =>
  /\/clusters\/[^/]+$/.test(server) ||
  resources().then(
    (all) => all.some(({ group }) => group === 'shallop.dev'),
    () => true,
  );

/** Node's timers know no more milliseconds. */
const longestMs = 2 ** 31 - 1;

/** Aborts after so many seconds; undefined and 0 are no limit. */
export const timeoutOf = (seconds: number | undefined): AbortSignal =>
  seconds
    ? AbortSignal.timeout(Math.min(Math.ceil(seconds * 1000), longestMs))
    : new AbortController().signal;

/**
 * Runs what waits for no longer than so many seconds; undefined and 0 are no limit.
 * @throws in kubectl's words when the time is over; `what` is what was waited for.
 */
export async function within<T>(
  { io }: Pick<Scene, 'io'>,
  seconds: number | undefined,
  run: (signal: AbortSignal) => Promise<T>,
  what = '',
): Promise<T> {
  const timeout = timeoutOf(seconds);
  try {
    return await run(AbortSignal.any([timeout, io.interrupted]));
  } catch (error) {
    if (timeout.aborted) throw new Error(`timed out waiting for the condition${what}`);
    throw error;
  }
}

/** The value of an option that is a whole number. */
export function numberOf(call: Call, name: string): number | undefined {
  const text = call.text(name);
  if (text === undefined) return undefined;
  if (!/^-?\d+$/.test(text)) throw new UsageError(`Option '--${name}' is a whole number, not '${text}'`);
  return Number(text);
}

const units: Record<string, number> = table({ ms: 0.001, s: 1, m: 60, h: 3600 });

/** Seconds of an option such as `1h30m`, `20s` or `5`. */
export function secondsOf(call: Call, name: string): number | undefined {
  const text = call.text(name);
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
    throw new UsageError(`Option '--${name}' is a duration such as 30s or 1h30m, not '${text}'`);
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * units[unit!]!,
    0,
  );
}

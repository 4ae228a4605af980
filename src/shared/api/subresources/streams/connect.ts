import { goSchema } from '../../../kinds/schema/goSchema.ts';
import type { PodExecOptions, PodPortForwardOptions } from '../../../kinds/schema/types.ts';
import type { AnyObject } from '../../../meta/object.ts';
import type { PodStreams } from '../../../ports/cloud.ts';
import type { Query } from '../../http/target.ts';
import type { Call } from '../../request.ts';
import { admittedAlone } from '../../write/admit.ts';

/** Returns what somebody wants of a container, as the query says it and admission lets it be. */
export async function execOptions(call: Call, subresource: 'exec' | 'attach'): Promise<PodExecOptions> {
  const { query } = call;
  const container = query.get('container');
  const isExec = subresource === 'exec';
  const options = {
    ...streamsIn(query),
    ...(query.flag('tty') && { tty: true }),
    ...(container && { container }),
    ...(isExec && { command: query.all('command') }),
  };
  return connecting(call, subresource, isExec ? 'PodExecOptions' : 'PodAttachOptions', options);
}

/** Asks admission whether somebody may be let in to ports of a Pod. */
export async function admitPortForward(call: Call): Promise<void> {
  const ports = call.query
    .all('ports')
    .flatMap((each) => each.split(',').map(Number))
    .filter(Number.isInteger);
  const options: PodPortForwardOptions = ports.length ? { ports } : {};
  await connecting(call, 'portforward', 'PodPortForwardOptions', options);
}

/** Asks admission whether a request may go through a proxy subresource to this path. */
export const admitProxy = (call: Call, kind: string, path: string): Promise<object> =>
  connecting(call, 'proxy', kind, path ? { path } : {});

async function connecting<T extends object>(
  call: Call,
  subresource: string,
  kind: string,
  options: object,
): Promise<T> {
  const object = await admittedAlone(call, {
    operation: 'CONNECT',
    subresource,
    objectKind: { group: '', version: 'v1', kind },
    schema: goSchema(kind),
    object: { kind, apiVersion: 'v1', ...options } as AnyObject,
    dryRun: false,
    // A connection has no headers left to carry them.
    warnings: [],
  });
  return object as unknown as T;
}

/** Output is wanted unless it says otherwise; a terminal's errors are output. */
const streamsIn = (query: Query): PodStreams => ({
  stdin: query.flag('stdin'),
  stdout: query.get('stdout') === undefined || query.flag('stdout'),
  stderr: !query.flag('tty') && (query.get('stderr') === undefined || query.flag('stderr')),
});

import type { Connection } from '../../cli/kube/connection.ts';
import { apiVersionOf, pathOf } from '../../cli/kube/discovery.ts';
import { listObjects, query, watchLines } from '../../cli/kube/read.ts';
import type { KubeObject, WaitOptions } from '../types.ts';
import { describedState, type Wanted } from './conditions.ts';
import { type Address, described } from './resources.ts';

const usualMs = 30_000;

/** Waits, by a watch, until an object is as wanted, and returns it as it was last. Throws a TimeoutError. */
export async function waitUntil(
  connection: Connection,
  address: Address,
  wanted: Wanted,
  { timeoutMs = usualMs, signal }: Omit<WaitOptions, 'namespace'> = {},
): Promise<KubeObject> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = signal ? AbortSignal.any([timeout, signal]) : timeout;
  let last: KubeObject | undefined;
  let current: KubeObject | undefined;
  try {
    for await (const object of statesOf(connection, address, ending)) {
      current = object;
      last = object ?? last;
      if (wanted.holds(object)) return last as KubeObject;
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (!timeout.aborted) throw error;
  }
  throw Object.assign(
    new Error(
      `waited ${timeoutMs / 1000} s in vain for ${described(address)} to be ${wanted.text}; ${describedState(current)}`,
    ),
    { name: 'TimeoutError' },
  );
}

/** An object as it is now and after each change, undefined while it is not there; until `signal`, which makes it throw. */
async function* statesOf(
  connection: Connection,
  { resource, namespace, name }: Address,
  signal: AbortSignal,
): AsyncGenerator<KubeObject | undefined> {
  const fieldSelector = `metadata.name=${name}`;
  for (;;) {
    signal.throwIfAborted();
    const { items, metadata } = await listObjects(connection, resource, { namespace, fields: fieldSelector });
    yield items[0];
    const parameters = { watch: true, fieldSelector, resourceVersion: metadata?.resourceVersion };
    const path = `${pathOf(resource, namespace)}${query(parameters)}`;
    for await (const { type, object } of watchLines<KubeObject>(connection, path, { signal })) {
      if (type === 'ERROR') break;
      if (type === 'DELETED') yield undefined;
      else if (type !== 'BOOKMARK')
        yield { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
    }
  }
}

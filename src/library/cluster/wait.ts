import type { Connection } from '../../cli/kube/connection.ts';
import { stateOf } from '../../cli/kube/read.ts';
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
    for await (const object of stateOf<KubeObject>(connection, address, ending)) {
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

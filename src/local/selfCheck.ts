import type { Handle } from '../shared/api/http/message.ts';
import type { Clock } from '../shared/clock/clock.ts';

/** Says how long a step is waited for before it is looked at again, in milliseconds. */
const everyMs = 1000;

/**
 * Asks a control plane for its health once all steps of its start have passed, as a kubelet asks kube-apiserver: so
 * /metrics/slis tells of each check, also where nobody else asks. Ends without a question when the signal aborts before.
 */
export async function checkUntilReady(
  handle: Handle,
  steps: Readonly<Record<string, () => Promise<void> | void>>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const ask = (target: string) =>
    handle({
      method: 'GET',
      target,
      header: () => undefined,
      headersBeginning: () => [],
      body: async () => new Uint8Array(),
      peer: { address: '', internal: { user: 'system:apiserver', groups: ['system:masters'] } },
      signal,
    });
  while (!(await haveAllPassed(steps))) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
  }
  await ask('/livez');
  await ask('/readyz');
}

/** Without a word of what has not: it is being waited for. */
const haveAllPassed = (steps: Readonly<Record<string, () => Promise<void> | void>>): Promise<boolean> =>
  Promise.all(Object.values(steps).map(async (step) => step())).then(
    () => true,
    () => false,
  );

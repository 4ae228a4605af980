import { configMap } from '../bench.ts';
import { type LoadClient, pause } from '../load.ts';

const core = '/api/v1/namespaces/default';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const merge = 'application/merge-patch+json';

/** So many objects live at a time: a soak that only made more would grow rightly. */
const alive = 200;
/** A watch is ended and begun again after so many calls. */
const watchFor = 500;

export interface Drive {
  tally: { done: number; failed: number };
  ended: Promise<void>;
}

/**
 * Creates, reads, changes, lists and deletes at `rate` calls a second, with watches that come and go and a Deployment
 * that is scaled, until the signal.
 */
export function drive(client: LoadClient, rate: number, signal: AbortSignal): Drive {
  const tally = { done: 0, failed: 0 };
  const call = async (method: string, path: string, body?: unknown, type?: string) => {
    const { status, text } = await client.call(method, path, body, type);
    tally.done++;
    if (status < 300) return;
    if (tally.failed++ < 5) process.stderr.write(`${method} ${path}: ${status} ${text}\n`);
  };
  const steps = [
    (n: number) => call('POST', `${core}/configmaps`, configMap(`soak-${n}`)),
    (n: number) => call('GET', `${core}/configmaps/soak-${n}`),
    (n: number) => call('PATCH', `${core}/configmaps/soak-${n}`, { data: { n: `${n}` } }, merge),
    (n: number) => (n % 20 ? Promise.resolve() : call('GET', `${core}/configmaps?limit=100`)),
    (n: number) => (n < alive ? Promise.resolve() : call('DELETE', `${core}/configmaps/soak-${n - alive}`)),
    (n: number) =>
      n % 25
        ? Promise.resolve()
        : call('PATCH', `${deployments}/soak`, { spec: { replicas: 1 + (n % 4) } }, merge),
  ];
  const run = async () => {
    await call('POST', deployments, deployment);
    let stop = () => {};
    const began = performance.now();
    for (let n = 0; !signal.aborted; n++) {
      if (n % watchFor === 0) {
        stop();
        stop = client.watch(`${core}/configmaps?watch=true`, () => {});
      }
      for (const step of steps) await step(n);
      const ahead = (tally.done / rate) * 1000 - (performance.now() - began);
      if (ahead > 0) await pause(ahead);
    }
    stop();
  };
  return { tally, ended: run() };
}

const labels = { app: 'soak' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'soak' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'app:1' }] } },
  },
};

import { type Figure, namespace, type Subject } from '../bench.ts';
import { pause } from '../load.ts';

const limitMs = 120_000;

/** A Deployment of 1,000 replicas until all are Ready, on a runtime that starts Pods at once. */
export async function converge({ client, scale, id }: Subject): Promise<Figure[]> {
  const replicas = Math.round(1000 * scale);
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  const name = `many-${id}`;
  const since = JSON.parse((await client.call('GET', `${path}?limit=1`)).text).metadata.resourceVersion;
  let ready = 0;
  const stop = client.watch(`${path}?watch=true&resourceVersion=${since}`, ({ object }) => {
    const seen = object as { metadata: { name: string }; status?: { readyReplicas?: number } };
    if (seen.metadata.name === name) ready = seen.status?.readyReplicas ?? 0;
  });
  await pause(300);
  const up = await timed(async () => {
    await client.call('POST', path, deployment(name, replicas));
    return () => ready >= replicas;
  });
  stop();
  const down = await timed(async () => {
    await client.call('DELETE', `${path}/${name}`, { propagationPolicy: 'Foreground' });
    return async () => (await client.call('GET', `${path}/${name}`)).status === 404;
  });
  return [
    {
      what: `Deployment of ${replicas} Ready`,
      measured: up,
      unit: 's',
      reference: 5.3,
      goal: { atMost: 1.5 },
    },
    {
      what: `Deployment of ${replicas} deleted, foreground`,
      measured: down,
      unit: 's',
      reference: 7.5,
      goal: { atMost: 7.5 },
    },
  ];
}

/** Seconds from calling `begin` until the condition it returns holds. */
async function timed(begin: () => Promise<() => boolean | Promise<boolean>>): Promise<number> {
  const started = performance.now();
  const done = await begin();
  while (!(await done()) && performance.now() - started < limitMs) await pause(10);
  return Number(((performance.now() - started) / 1000).toFixed(2));
}

const deployment = (name: string, replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'c', image: 'app:1' }] } },
  },
});

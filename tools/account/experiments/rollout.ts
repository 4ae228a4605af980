import type { Experiment } from '../experiment.ts';
import { eventually } from '../site.ts';

const page =
  'while true; do printf "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n\\r\\nok\\n" | nc -l -p 8080; done';

/** Times of a network load balancer, and what a rollout behind it loses (ADR 15). */
export const rollout: Experiment = {
  name: 'load-balancer',
  question:
    'How long until a LoadBalancer Service answers, and how many requests does a rollout behind it lose?',
  emulatorLacks: 'has no TCP listeners, and its targets are healthy at once',
  run: async ({ kubectl, image }) => {
    for (const each of [deployment(image, '1'), service]) await kubectl(['apply', '-f', '-'], each);
    let host = '';
    const path = 'jsonpath={.status.loadBalancer.ingress[0].hostname}';
    const named = await eventually(
      'a host name',
      async () => {
        host = await kubectl(['get', 'service', 'web', '-o', path]);
        return host !== '';
      },
      300_000,
    );
    const answering = await eventually('an answer', () => answers(host), 600_000);
    const calling = new AbortController();
    const tally = call(host, calling.signal);
    await kubectl(['apply', '-f', '-'], deployment(image, '2'));
    await kubectl(['rollout', 'status', 'deployment/web', '--timeout=900s']);
    calling.abort();
    const { made, lost } = await tally;
    await kubectl(['delete', 'deployment,service', 'web', '--timeout=300s']);
    const times = `a name after ${seconds(named)}, an answer ${seconds(answering)} later`;
    return {
      judgement: lost ? 'differs' : 'holds',
      says: `${times}; a rollout lost ${lost} of ${made} requests`,
    };
  },
};

const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;

const answers = (host: string): Promise<boolean> =>
  fetch(`http://${host}/`, { signal: AbortSignal.timeout(5_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

async function call(host: string, until: AbortSignal): Promise<{ made: number; lost: number }> {
  const tally = { made: 0, lost: 0 };
  while (!until.aborted) {
    tally.made++;
    if (!(await answers(host))) tally.lost++;
  }
  return tally;
}

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
};

const deployment = (image: string, version: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web', version } },
      spec: {
        containers: [{ name: 'main', image, command: ['sh', '-c', page], ports: [{ containerPort: 8080 }] }],
      },
    },
  },
});

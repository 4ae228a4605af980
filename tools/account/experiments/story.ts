import type { Experiment } from '../experiment.ts';
import { eventually, type Site } from '../site.ts';

/** The story that everything else rests on: apply, look, update, heal, scale, delete. */
export const story: Experiment = {
  name: 'story',
  question: 'Does a Deployment behind a Service come up, roll, heal, scale and go without a trace?',
  run: async (site) => {
    const { kubectl } = site;
    await kubectl(['apply', '-f', '-'], deploymentOf(site.image));
    await kubectl(['rollout', 'status', 'deployment/story', '--timeout=300s']);
    await kubectl(['expose', 'deployment', 'story', '--port=80']);
    await kubectl(['set', 'env', 'deployment/story', 'VERSION=2']);
    await kubectl(['rollout', 'status', 'deployment/story', '--timeout=300s']);
    const [victim = ''] = (await namesOf(site)).split(' ');
    await kubectl(['delete', 'pod', victim, '--wait=false']);
    await eventually(
      'another Pod in the place of a deleted one',
      async () => {
        const names = (await namesOf(site)).split(' ').filter(Boolean);
        return names.length === 2 && !names.includes(victim);
      },
      300_000,
    );
    await kubectl(['scale', 'deployment/story', '--replicas=3']);
    await kubectl(['rollout', 'status', 'deployment/story', '--timeout=300s']);
    await kubectl(['delete', 'deployment,service', 'story', '--timeout=120s']);
    await eventually('no Pods', async () => (await namesOf(site)) === '', 300_000);
    return { judgement: 'holds', says: 'two Pods, a rollout, a Pod healed, three Pods, none' };
  },
};

const namesOf = ({ kubectl }: Site) =>
  kubectl(['get', 'pods', '-l', 'app=story', '-o', 'jsonpath={.items[*].metadata.name}']);

const deploymentOf = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'story' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'story' } },
    template: {
      metadata: { labels: { app: 'story' } },
      spec: {
        terminationGracePeriodSeconds: 5,
        containers: [{ name: 'main', image, command: ['sh', '-c', 'sleep 86400'] }],
      },
    },
  },
});

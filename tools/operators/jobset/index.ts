import { type Found, says } from '../kit.ts';
import { kustomized, leaseOf } from '../kustomized.ts';
import type { Operator } from '../operator.ts';

const namespace = 'jobset-system';
const replicated = (name: string, replicas: number) => ({
  name,
  replicas,
  template: {
    spec: {
      parallelism: 2,
      completions: 2,
      backoffLimit: 0,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'busybox' }] } },
    },
  },
});
const jobSet = (spec: object) => ({
  apiVersion: 'jobset.x-k8s.io/v1alpha2',
  kind: 'JobSet',
  metadata: { name: 'training', namespace: 'default' },
  spec,
});

/** Jobs that belong together: mutating and validating webhooks, owned Jobs and a headless Service. */
export const jobset: Operator = {
  name: 'jobset',
  module: 'sigs.k8s.io/jobset',
  program: 'sigs.k8s.io/jobset',
  ...kustomized(namespace),
  async story(kit) {
    await kit.leads(namespace, leaseOf(namespace));
    await kit.until('creates a JobSet through its webhooks', async () => {
      await kit.apply(jobSet({ replicatedJobs: [replicated('leader', 1), replicated('workers', 3)] }));
      return true;
    });
    const { spec } = await kit.get('jobset', 'training');
    if (!JSON.stringify(spec).includes('"completionMode":"Indexed"'))
      throw new Error('the mutating webhook has not filled in its defaults');
    await kit.until('makes its Jobs', async () => {
      const { items } = await kit.get<{ items: Found[] }>('jobs');
      return (
        items.length === 4 && items.every(({ metadata }) => metadata.ownerReferences?.[0]?.kind === 'JobSet')
      );
    });
    await kit.until('sees them completed', async () =>
      says(await kit.get('jobset', 'training'), 'Completed'),
    );
    await kit.refused(
      'refuses what may not be changed',
      /admission webhook "vjobset.kb.io" denied the request/,
      jobSet({ replicatedJobs: [replicated('leader', 2)] }),
    );
    await kit.kubectl(['delete', 'jobset', 'training', '--timeout=60s']);
    await kit.gone(
      'Jobs, Pods and Services go with it',
      'jobs,pods,services',
      '-l',
      'jobset.sigs.k8s.io/jobset-name=training',
    );
  },
};

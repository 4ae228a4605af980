import type { Deployment } from './deployment.ts';

/** A Pod whose task runs, as the controllers would tell. */
export async function runningPod({ core, kubectl }: Deployment, name: string): Promise<void> {
  const key = { cluster: 'default', resource: 'serviceaccounts', namespace: 'default', name: 'default' };
  if (!(await core.storage.get(key))) await kubectl(['create', 'serviceaccount', 'default']);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: { nodeName: 'fargate', containers: [{ name: 'c', image: 'i' }] },
  };
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(pod) });
  const container = {
    name: 'c',
    image: 'i',
    imageID: '',
    ready: true,
    restartCount: 0,
    containerID: 'ecs://t1/c',
    state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
  };
  const conditions = [{ type: 'Ready', status: 'True' }];
  const status = { phase: 'Running', conditions, containerStatuses: [container] };
  await kubectl(['patch', 'pod', name, '--subresource=status', '-p', JSON.stringify({ status })]);
}

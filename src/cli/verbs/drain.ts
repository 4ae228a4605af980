import { dryRunOption } from '../kube/dryRun.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { refuseNodeWords } from './cordon.ts';

export const drain = kubeVerb({
  name: 'drain',
  summary: 'Drain a Node in preparation for maintenance',
  description: `It evicts Pods, so that PodDisruptionBudgets are respected, and retries a refused eviction every five seconds.

  shallop drain worker-1 --ignore-daemonsets
  shallop drain worker-1 --ignore-daemonsets --delete-emptydir-data --force`,
  usage: ['drain NODE… [options]', 'drain -l QUERY [options]'],
  operands: { objects: 'nodes' },
  options: {
    force: { type: 'boolean', help: 'delete also Pods without a controller' },
    'ignore-daemonsets': { type: 'boolean', help: 'ignore Pods that a DaemonSet manages' },
    'delete-emptydir-data': {
      type: 'boolean',
      help: 'delete also Pods with an emptyDir, whose data is lost',
    },
    'grace-period': {
      type: 'string',
      value: 'SECONDS',
      help: 'seconds that Pods get to terminate gracefully (default: that of the Pod)',
    },
    timeout: { type: 'string', value: 'TIME', help: 'how long to wait (default: for ever)' },
    'pod-selector': { type: 'string', value: 'QUERY', help: 'label selector of the Pods' },
    'disable-eviction': {
      type: 'boolean',
      help: 'delete Pods without eviction, ignoring PodDisruptionBudgets',
    },
    'skip-wait-for-delete-timeout': {
      type: 'string',
      value: 'SECONDS',
      help: 'do not wait for Pods that were deleted longer ago than this',
    },
    ...selectorOption,
    ...dryRunOption,
  },
  run: async (scene) => {
    refuseNodeWords('drain', scene.call);
    return (await import('../kube/drain/index.ts')).runDrain(scene);
  },
});

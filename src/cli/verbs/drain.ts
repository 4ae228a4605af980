import { dryRunOption } from '../kube/dryRun.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { refuseNodeWords } from './cordon.ts';

export const drain = kubeVerb({
  name: 'drain',
  summary: 'Close a Node and have its Pods go',
  description: `Pods are evicted, so that PodDisruptionBudgets hold; what they refuse is asked again every five seconds.

  shallop drain worker-1 --ignore-daemonsets
  shallop drain worker-1 --ignore-daemonsets --delete-emptydir-data --force`,
  usage: ['drain NODE… [options]', 'drain -l QUERY [options]'],
  operands: { objects: 'nodes' },
  options: {
    force: { type: 'boolean', help: 'Pods too that nothing makes again' },
    'ignore-daemonsets': { type: 'boolean', help: 'leave Pods of DaemonSets, which would come again' },
    'delete-emptydir-data': {
      type: 'boolean',
      help: 'Pods too that have an emptyDir, whose content goes with them',
    },
    'grace-period': { type: 'string', value: 'SECONDS', help: 'time that Pods get (what they say)' },
    timeout: { type: 'string', value: 'TIME', help: 'wait no longer (for ever)' },
    'pod-selector': { type: 'string', value: 'QUERY', help: 'only Pods with these labels' },
    'disable-eviction': { type: 'boolean', help: 'delete Pods, without asking PodDisruptionBudgets' },
    'skip-wait-for-delete-timeout': {
      type: 'string',
      value: 'SECONDS',
      help: 'do not wait for Pods that should have been gone for so long',
    },
    ...selectorOption,
    ...dryRunOption,
  },
  run: async (scene) => {
    refuseNodeWords('drain', scene.call);
    return (await import('../kube/drain/index.ts')).runDrain(scene);
  },
});

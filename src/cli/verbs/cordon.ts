import { dryRunOption } from '../kube/dryRun.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const cordon = kubeVerb({
  name: 'cordon',
  summary: 'Keep new Pods from a Node',
  description: '  shallop cordon worker-1',
  usage: ['cordon NODE… [options]', 'cordon -l QUERY [options]'],
  operands: { objects: 'nodes' },
  options: { ...selectorOption, ...dryRunOption },
  run: async (scene) => {
    const { call } = scene;
    if (!call.positionals.length && call.text('selector') === undefined)
      throw new UsageError('USAGE: cordon NODE [flags]');
    if (call.positionals.length && call.text('selector') !== undefined)
      throw new UsageError('error: cannot specify both a node name and a --selector option');
    return (await import('../kube/cordon.ts')).runCordon(scene, true);
  },
});

import { dryRunOption } from '../kube/dryRun.ts';
import { kubeVerb, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const uncordon = kubeVerb({
  name: 'uncordon',
  summary: 'Let Pods come to a Node again',
  description: '  shallop uncordon worker-1',
  usage: ['uncordon NODE… [options]', 'uncordon -l QUERY [options]'],
  operands: { objects: 'nodes' },
  options: { ...selectorOption, ...dryRunOption },
  run: async (scene) => {
    const { call } = scene;
    if (!call.positionals.length && call.text('selector') === undefined)
      throw new UsageError('USAGE: uncordon NODE [flags]');
    if (call.positionals.length && call.text('selector') !== undefined)
      throw new UsageError('error: cannot specify both a node name and a --selector option');
    return (await import('../kube/cordon.ts')).runCordon(scene, false);
  },
});

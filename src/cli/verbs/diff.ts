import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const diff = kubeVerb({
  name: 'diff',
  summary: 'Show what apply would change',
  description: `Exit code 0: nothing, 1: something, more: it failed. The values of Secrets are not shown. KUBECTL_EXTERNAL_DIFF
names another program than diff.

  shallop diff -f app.yaml
  KUBECTL_EXTERNAL_DIFF="diff -u --color" shallop diff -f folder/ -R`,
  usage: ['diff -f FILE [options]'],
  options: {
    ...fileOptions,
    'server-side': { type: 'boolean', help: 'as apply --server-side would' },
    'force-conflicts': { type: 'boolean', help: 'with --server-side: take fields that others own' },
    'field-manager': { type: 'string', value: 'NAME', help: 'who owns the fields that would be applied' },
    'show-managed-fields': { type: 'boolean', help: 'the owners of fields too' },
  },
  failureCode: 2,
  run: async (scene) => {
    const { call } = scene;
    if (!call.texts('filename').length)
      throw new UsageError('must specify one of -f and -k; shallop knows -f');
    if (call.flag('force-conflicts') && !call.flag('server-side'))
      throw new Error('--force-conflicts only works with --server-side');
    return (await import('../kube/diff/index.ts')).runDiff(scene);
  },
});

import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const diff = kubeVerb({
  name: 'diff',
  summary: 'Show the difference that apply would make',
  description: `The exit code is 0 without differences, 1 with differences, and greater than 1 after an error. It masks the values of
Secrets. KUBECTL_EXTERNAL_DIFF names another program than diff.

  shallop diff -f app.yaml
  KUBECTL_EXTERNAL_DIFF="diff -u --color" shallop diff -f folder/ -R`,
  usage: ['diff -f FILE [options]'],
  options: {
    ...fileOptions,
    'server-side': { type: 'boolean', help: 'compare with apply --server-side' },
    'force-conflicts': { type: 'boolean', help: 'with --server-side: take over fields of other managers' },
    'field-manager': { type: 'string', value: 'NAME', help: 'name of the manager that would own the fields' },
    'show-managed-fields': { type: 'boolean', help: 'keep managedFields in the comparison' },
  },
  failureCode: 2,
  run: async (scene) => {
    const { call } = scene;
    if (!call.texts('filename').length)
      throw new UsageError('must specify one of -f and -k; shallop supports only -f');
    if (call.flag('force-conflicts') && !call.flag('server-side'))
      throw new Error('--force-conflicts only works with --server-side');
    return (await import('../kube/diff/index.ts')).runDiff(scene);
  },
});

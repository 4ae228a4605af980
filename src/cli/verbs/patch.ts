import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { changeOptions, managerOption } from '../kube/tell.ts';

export const patch = kubeVerb({
  name: 'patch',
  summary: 'Update fields of objects',
  description: `A patch is JSON or YAML: a part of the object (strategic, which knows lists by their keys, or merge), or a list of
operations (json). With --dry-run=client the server computes the result.

  shallop patch deployment web -p '{"spec":{"replicas":2}}'
  shallop patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":2}}'
  shallop patch pod web-7d4b --type=json -p '[{"op":"add","path":"/metadata/labels/a","value":"b"}]'`,
  usage: ['patch TYPE NAME… -p PATCH [options]', 'patch -f FILE --patch-file FILE [options]'],
  operands: { objects: 'any' },
  options: {
    patch: { type: 'string', short: 'p', value: 'PATCH', help: 'the patch' },
    'patch-file': { type: 'string', value: 'FILE', help: 'a file with the patch' },
    type: {
      type: 'string',
      value: 'TYPE',
      choices: ['strategic', 'merge', 'json'],
      help: 'strategic, merge or json (strategic)',
    },
    subresource: { type: 'string', value: 'NAME', help: 'patch status, scale or resize' },
    ...fileOptions,
    ...changeOptions,
    ...managerOption,
  },
  run: async (scene) => (await import('../kube/patch.ts')).runPatch(scene),
});

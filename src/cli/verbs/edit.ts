import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { managerOption } from '../kube/tell.ts';
import { validateOption } from '../kube/validation.ts';
import { UsageError } from '../verb.ts';

export const edit = kubeVerb({
  name: 'edit',
  summary: 'Edit objects of the server in an editor',
  description: `The editor is the one of KUBE_EDITOR or EDITOR, else vi. When the server refuses a change, the editor opens again with the reason.

  shallop edit deployment/web
  KUBE_EDITOR="code --wait" shallop edit service web`,
  usage: ['edit TYPE NAME… [options]', 'edit TYPE/NAME… [options]', 'edit -f FILE [options]'],
  operands: { objects: 'any' },
  options: {
    ...fileOptions,
    output: {
      type: 'string',
      short: 'o',
      value: 'FORM',
      choices: ['yaml', 'json'],
      help: 'format to edit and to print: yaml or json',
    },
    'output-patch': { type: 'boolean', help: 'print the patch that is sent' },
    subresource: { type: 'string', value: 'NAME', help: 'edit status, scale or resize' },
    ...validateOption,
    ...managerOption,
  },
  run: async (scene) => {
    const { call } = scene;
    if (!call.positionals.length && !call.texts('filename').length)
      throw new UsageError('You must provide one or more resources by argument or filename');
    return (await import('../kube/edit/index.ts')).runEdit(scene);
  },
});

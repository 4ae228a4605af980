import { fileOptions } from '../kube/manifests.ts';
import { kubeVerb } from '../kube/scene.ts';
import { managerOption } from '../kube/tell.ts';
import { validateOption } from '../kube/validation.ts';
import { UsageError } from '../verb.ts';

export const edit = kubeVerb({
  name: 'edit',
  summary: 'Change objects in an editor',
  description: `The editor is the one of KUBE_EDITOR or EDITOR, else vi. What the server finds invalid is opened again, with the reason.

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
      help: 'edit it as yaml or json, and show it so when it is changed',
    },
    'output-patch': { type: 'boolean', help: 'show what is sent' },
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

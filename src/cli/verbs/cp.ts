import { kubeVerb } from '../kube/scene.ts';

export const cp = kubeVerb({
  name: 'cp',
  summary: 'Copy files into a container, or out of one',
  description: `The container needs a program 'tar'. Out of one come files and folders, not links.

  shallop cp ./conf web-7d4b:/etc/app
  shallop cp team-a/web-7d4b:/var/log/app ./logs -c sidecar`,
  usage: ['cp FILE [NAMESPACE/]POD:FILE [options]', 'cp [NAMESPACE/]POD:FILE FILE [options]'],
  options: {
    container: { type: 'string', short: 'c', value: 'NAME', help: 'the one that is meant' },
    'no-preserve': { type: 'boolean', help: 'owners and modes are not taken over into the container' },
    retries: {
      type: 'string',
      value: 'COUNT',
      help: 'take a copy out of a container up so often when it breaks off (0); negative: for ever',
    },
  },
  run: async (scene) => (await import('../kube/copy/index.ts')).runCopy(scene),
});

import { kubeVerb } from '../kube/scene.ts';

export const cp = kubeVerb({
  name: 'cp',
  summary: 'Copy files and folders to and from containers',
  description: `The container needs the program 'tar'. From a container it copies files and folders, not links.

  shallop cp ./conf web-7d4b:/etc/app
  shallop cp team-a/web-7d4b:/var/log/app ./logs -c sidecar`,
  usage: ['cp FILE [NAMESPACE/]POD:FILE [options]', 'cp [NAMESPACE/]POD:FILE FILE [options]'],
  options: {
    container: { type: 'string', short: 'c', value: 'NAME', help: 'name of the container' },
    'no-preserve': { type: 'boolean', help: 'do not preserve owners and modes in the container' },
    retries: {
      type: 'string',
      value: 'COUNT',
      help: 'number of retries when a copy from a container breaks off (0; negative: without limit)',
    },
  },
  run: async (scene) => (await import('../kube/copy/index.ts')).runCopy(scene),
});

import { kubeVerb } from '../kube/scene.ts';

export const portForward = kubeVerb({
  name: 'port-forward',
  summary: 'Forward local ports to a Pod',
  description: `For a Deployment or a Service it chooses one Pod. Ctrl-C ends it.

  shallop port-forward web-7d4b 8080:80
  shallop port-forward deployment/web 8080
  shallop port-forward service/web :http`,
  usage: ['port-forward TYPE/NAME [LOCAL:]REMOTE… [options]'],
  operands: { objects: 'any' },
  options: {
    address: {
      type: 'string',
      multiple: true,
      value: 'ADDRESS',
      help: 'addresses to listen on (localhost: 127.0.0.1 and ::1)',
    },
    'pod-running-timeout': { type: 'string', value: 'TIME', help: 'how long to wait for a running Pod (1m)' },
  },
  run: async (scene) => (await import('../kube/enter/portForward.ts')).runPortForward(scene),
});

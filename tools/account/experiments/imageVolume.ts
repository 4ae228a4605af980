import type { Experiment } from '../experiment.ts';

const image = 'public.ecr.aws/docker/library/ghost:5-alpine';
const folder = '/var/lib/ghost/content';

/** Whether a `VOLUME` of an image fills an emptyDir that is mounted there, as Docker does and Kubernetes does not. */
export const imageVolume: Experiment = {
  name: 'image-volume',
  question:
    'Does a `VOLUME` of an image fill an emptyDir that is mounted there? (In Kubernetes it stays empty.)',
  emulatorLacks: 'runs no containers',
  run: async ({ kubectl }) => {
    await kubectl(['apply', '-f', '-'], {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'volume' },
      spec: {
        restartPolicy: 'Never',
        volumes: [{ name: 'content', emptyDir: {} }],
        containers: [
          {
            name: 'main',
            image,
            command: ['sh', '-c', `ls -A ${folder} | wc -l`],
            volumeMounts: [{ name: 'content', mountPath: folder }],
          },
        ],
      },
    });
    await kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/volume', '--timeout=300s']);
    const files = Number((await kubectl(['logs', 'volume'])).trim());
    await kubectl(['delete', 'pod', 'volume', '--wait=false']);
    return { judgement: files === 0 ? 'holds' : 'differs', says: `${files} files are in it` };
  },
};

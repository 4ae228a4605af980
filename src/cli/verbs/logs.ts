import type { Scene } from '../kube/scene.ts';
import { kubeVerb, numberOf, secondsOf, selectorOption } from '../kube/scene.ts';
import { UsageError } from '../verb.ts';

export const logs = kubeVerb({
  name: 'logs',
  summary: 'Print the logs of containers in a Pod',
  description: `  shallop logs web-7d4b
  shallop logs deployment/web -f
  shallop logs -l app=web --prefix --tail 5
  shallop logs web-7d4b -c sidecar --previous`,
  usage: ['logs POD [CONTAINER] [options]', 'logs TYPE/NAME [options]', 'logs -l QUERY [options]'],
  operands: { objects: 'pods' },
  options: {
    follow: { type: 'boolean', short: 'f', help: 'stream the logs' },
    tail: { type: 'string', value: 'LINES', help: 'number of last lines to print (all; 10 with -l)' },
    since: { type: 'string', value: 'TIME', help: 'only logs newer than this: 5s, 2m or 3h' },
    'since-time': { type: 'string', value: 'DATE', help: 'only logs after this date (RFC3339)' },
    previous: { type: 'boolean', short: 'p', help: 'logs of the previous instance of the container' },
    timestamps: { type: 'boolean', help: 'print the time of each line' },
    container: { type: 'string', short: 'c', value: 'NAME', help: 'name of the container' },
    'all-containers': { type: 'boolean', help: 'of all containers of the Pod' },
    'all-pods': { type: 'boolean', help: 'of all Pods of the workload' },
    prefix: { type: 'boolean', help: 'print the Pod and the container before each line' },
    'limit-bytes': { type: 'string', value: 'BYTES', help: 'maximum number of bytes to print' },
    ...selectorOption,
  },
  run: async (scene) => {
    check(scene);
    const { readLogs } = await import('../kube/logs.ts');
    return readLogs(scene, {
      follow: scene.call.flag('follow') || undefined,
      previous: scene.call.flag('previous') || undefined,
      timestamps: scene.call.flag('timestamps') || undefined,
      tailLines: tailOf(scene),
      sinceSeconds: secondsOf(scene.call, 'since'),
      sinceTime: scene.call.text('since-time'),
      limitBytes: numberOf(scene.call, 'limit-bytes'),
    });
  },
});

function check({ call }: Scene): void {
  const { positionals, text, flag } = call;
  const selector = text('selector');
  if (positionals.length === 0 && selector === undefined)
    throw new UsageError(
      `expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command`,
    );
  if (positionals.length && selector !== undefined)
    throw new UsageError('only a selector (-l) or a POD name is allowed');
  if (text('container') && flag('all-containers'))
    throw new UsageError(
      `--all-containers=true should not be specified with container name ${text('container')}`,
    );
  if (text('since') && text('since-time'))
    throw new UsageError('at most one of `sinceTime` or `sinceSeconds` may be specified');
}

const tailOf = ({ call }: Scene): number | undefined => {
  const tail = numberOf(call, 'tail') ?? (call.text('selector') === undefined ? -1 : 10);
  return tail < 0 ? undefined : tail;
};

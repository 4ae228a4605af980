import { UsageError } from '../verb.ts';
import { createOne } from './create/index.ts';
import { dryRunOf } from './dryRun.ts';
import type { KubeObject } from './objects.ts';
import type { Pod } from './pods.ts';
import { numberOf, type Scene } from './scene.ts';

const policies = ['Always', 'OnFailure', 'Never'];

/** Creates a Pod of one container, and joins it where that is asked for. */
export async function runPod(scene: Scene): Promise<number> {
  const { call } = scene;
  const { positionals, beforeDash } = call;
  const [name, ...words] = positionals;
  if (!name || beforeDash === 0) throw new UsageError('NAME is required for run');
  const isAttached = call.flag('attach', call.flag('stdin'));
  if (call.flag('tty') && !call.flag('stdin'))
    throw new UsageError('-i/--stdin is required for containers with -t/--tty=true');
  if (!isAttached && call.flag('rm'))
    throw new UsageError('--rm should only be used for attached containers');
  if (isAttached && dryRunOf(call) !== 'none')
    throw new UsageError(
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  const made = { manager: 'kubectl-run', isQuiet: isAttached };
  const pod = await createOne(scene, podOf(scene, name, words), 'shallop run', made);
  return isAttached ? (await import('./enter/session.ts')).session(scene, pod as Pod) : 0;
}

function podOf({ call }: Scene, name: string, words: string[]): KubeObject {
  const image = call.text('image');
  if (!image) throw new Error('required flag(s) "image" not set');
  const restartPolicy = call.text('restart') || (call.flag('stdin') ? 'OnFailure' : 'Always');
  if (!policies.includes(restartPolicy)) throw new UsageError(`invalid restart policy: ${restartPolicy}`);
  const port = numberOf(call, 'port');
  const imagePullPolicy = call.text('image-pull-policy');
  const env = call.texts('env').map(variableOf);
  const annotations = pairs(call.texts('annotations'));
  const labels = pairs(call.text('labels')?.split(',') ?? []);
  const container = {
    ...{ name, image, resources: {} },
    ...(imagePullPolicy && { imagePullPolicy }),
    ...(words.length && { [call.flag('command') ? 'command' : 'args']: words }),
    ...(env.length && { env }),
    ...(port !== undefined && { ports: [{ containerPort: port }] }),
    ...(call.flag('stdin') && { stdin: true, ...(!call.flag('leave-stdin-open') && { stdinOnce: true }) }),
    ...(call.flag('tty') && { tty: true }),
    ...(call.flag('privileged') && { securityContext: { privileged: true } }),
  };
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      name,
      labels: Object.keys(labels).length ? labels : { run: name },
      ...(Object.keys(annotations).length && { annotations }),
    },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy },
    status: {},
  };
}

function variableOf(text: string): { name: string; value?: string } {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`invalid env: ${text}`);
  const value = text.slice(at + 1);
  return { name: text.slice(0, at), ...(value && { value }) };
}

function pairs(texts: string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new Error(`unexpected label spec: ${text}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

import { UsageError } from '../verb.ts';
import { createOne } from './create/index.ts';
import type { KubeObject } from './objects.ts';
import { numberOf, type Scene } from './scene.ts';

const policies = ['Always', 'OnFailure', 'Never'];
/** Take a terminal or an input here, for as long as the Pod runs. */
const interactive = ['stdin', 'tty', 'attach', 'rm'];

/** Creates a Pod of one container. */
export async function runPod(scene: Scene): Promise<number> {
  const { call } = scene;
  const { positionals, beforeDash } = call;
  const [name, ...words] = positionals;
  if (!name || beforeDash === 0) throw new UsageError('NAME is required for run');
  if (interactive.some((option) => call.flag(option)))
    throw new Error(
      `run only creates the Pod; kubectl does the rest, with the same context: kubectl run ${name}, or shallop attach ${name} -i of a Pod with stdin`,
    );
  await createOne(scene, podOf(scene, name, words), 'shallop run', 'kubectl-run');
  return 0;
}

function podOf({ call }: Scene, name: string, words: string[]): KubeObject {
  const image = call.text('image');
  if (!image) throw new Error('required flag(s) "image" not set');
  const restartPolicy = call.text('restart') ?? 'Always';
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

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { call, keepCalling, type Tally } from './caller.ts';
import { giveInput } from './giveInput.ts';
import { type ControlPlane, repository } from './server.ts';

export interface Step {
  command: string;
  output: string;
  exitCode: number;
}

export interface Story {
  steps: Step[];
  /** What a client saw that called the Service throughout the update and the healing. */
  tally: Tally;
  address: string;
  /** `kubectl get` of everything at the end. */
  left: string;
}

const example = 'examples/my-python-app';

/** Who hears the story as it happens. */
export interface Listener {
  /** A part of it begins; `lookAt` continues "Look at …". */
  chapter(title: string, lookAt: string): void;
  /** A command has answered. */
  step(step: Step): void;
}

const nobody: Listener = { chapter: () => {}, step: () => {} };

/**
 * The story of the Kubernetes overview, told with kubectl: apply, look, update, read logs, heal, delete, nothing left.
 * Throws at the first command that fails.
 */
export async function tellStory(
  plane: ControlPlane,
  kubectl: string,
  listener: Listener = nobody,
  /** The images are in an engine already, and are not to be made of folders. */
  { hasImages = false } = {},
): Promise<Story> {
  const { chapter } = listener;
  const steps: Step[] = [];
  const note = (step: Step) => {
    steps.push(step);
    listener.step(step);
    if (step.exitCode !== 0) throw new Error(`${step.command} ended with ${step.exitCode}: ${step.output}`);
    return step.output.trim();
  };
  const k = async (...args: string[]) => note(await runKubectl(kubectl, plane.kubeconfig, args));
  const s = async (...args: string[]) =>
    note({ command: `shallop ${args.join(' ')}`, output: await plane.shallop(...args), exitCode: 0 });

  chapter('Images: a folder is one', 'the names that the manifests use, and where they lead');
  if (!hasImages) {
    await s('image', 'add', 'my-python-app:latest', `${example}/v1`);
    await s('image', 'add', 'my-python-app:v2', `${example}/v2`);
  }
  await k('cluster-info');
  chapter('Deploy three replicas behind a Service', 'READY, and the EXTERNAL-IP that answers');
  await k('apply', '-f', example);
  await k('rollout', 'status', 'deployment/my-python-app', '--timeout=180s');
  const first = /my-python-app-(\w+)-/.exec(await k('get', 'pods'))![1];
  await k(
    'wait',
    '--for=jsonpath={.status.loadBalancer.ingress[0]}',
    'service/my-python-app-service',
    '--timeout=180s',
  );
  await k('get', 'service', 'my-python-app-service');

  const address = await addressOf(k);
  note({ command: `curl ${address}`, output: await call(address), exitCode: 0 });
  const caller = keepCalling(address);

  chapter(
    'Update, while a client calls without a pause',
    'old Pods that go only as new ones are Ready, and v2 in the answer',
  );
  await k('set', 'image', 'deployment/my-python-app', 'my-python-app=my-python-app:v2');
  await k('rollout', 'status', 'deployment/my-python-app', '--timeout=180s');
  await k('get', 'pods');
  note({ command: `curl ${address}`, output: await call(address), exitCode: 0 });
  chapter('Heal: a Pod is deleted', 'the other Pod that takes its place');
  const newestLast = ['--sort-by=.metadata.creationTimestamp', '-o', 'name'];
  const victim = (await k('get', 'pods', ...newestLast)).split('\n').at(-1)!;
  await k('delete', victim);
  await k('wait', '--for=condition=Available', 'deployment/my-python-app', '--timeout=180s');
  await k('rollout', 'status', 'deployment/my-python-app', '--timeout=180s');
  await k('get', 'pods');
  // kubectl takes any Pod of the Deployment, those of v1 too while they end.
  await k('wait', '--for=delete', 'pod', '-l', `pod-template-hash=${first}`, '--timeout=180s');
  await k('logs', 'deployment/my-python-app', '--tail=3');
  const tally = await caller.stop();
  chapter('What the client saw', 'how many of its requests failed');
  note({ command: '(a client called the Service all the while)', output: describe(tally), exitCode: 0 });

  chapter('Delete', 'what is left');
  await k('delete', 'deployment', 'my-python-app');
  await k('delete', 'service', 'my-python-app-service');
  const all = 'replicasets,pods,endpointslices';
  await k('wait', '--for=delete', all, '-l', 'app=my-python-app', '--timeout=180s');
  const left = await k('get', `deployments,${all}`, '-l', 'app=my-python-app');
  return { steps, tally, address, left };
}

const describe = ({ answers, failures, byVersion }: Tally) =>
  `${answers} requests answered, ${failures.length} failed; ${Object.entries(byVersion)
    .map(([version, count]) => `${count} by ${version}`)
    .join(', ')}`;

/** What there is to say in numbers, each with its name. */
export const numbersOf = ({ steps, tally }: Story, { readyMs }: ControlPlane, wholeMs: number) =>
  [
    ['ready, from the start of Node', `${Math.round(readyMs)} ms`],
    ['commands', `${steps.length}`],
    ['requests answered during update and healing', `${tally.answers}`],
    ['requests failed', `${tally.failures.length}`],
    ['the whole story', `${Math.round(wholeMs / 1000)} s`],
  ] as const;

async function addressOf(k: (...args: string[]) => Promise<string>): Promise<string> {
  const path = '{.status.loadBalancer.ingress[0]}';
  const ingress = JSON.parse(await k('get', 'service', 'my-python-app-service', '-o', `jsonpath=${path}`));
  const port = ingress.ports?.[0]?.port ?? 80;
  return `http://${ingress.ip ?? ingress.hostname}${port === 80 ? '' : `:${port}`}/`;
}

/** One kubectl command in the repository's folder; its exit code is part of the answer, not an exception. */
export const runKubectl = (
  kubectl: string,
  kubeconfig: string,
  args: string[],
  input?: string,
): Promise<Step> =>
  new Promise((resolve) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: join(kubeconfig, '..', 'cache') };
    const child = execFile(
      kubectl,
      args,
      { env, cwd: repository, maxBuffer: 64 << 20 },
      (error, stdout, stderr) =>
        resolve({
          command: `kubectl ${args.join(' ')}`,
          output: stdout + stderr,
          exitCode: error ? (typeof error.code === 'number' ? error.code : 1) : 0,
        }),
    );
    giveInput(child, input);
  });

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKubectl } from '../../examples/demo/story.ts';
import { until } from '../../test/support/until.ts';
import { kubeconfigOf } from '../../tools/awsKubeconfig.ts';
import { anyKubectl } from '../../tools/kubectl.ts';
import { openLocalCloud } from '../../tools/localCloud.ts';
import type { Call, Recorder } from './recorder.ts';
import { openRecorder } from './recorder.ts';

export interface Step {
  what: string;
  /** How many of it the calls are for. */
  count: number;
  calls: Call[];
}

/** Deploys into the emulator and records what functions call while kubectl does one thing after the other. */
export async function recordCalls(): Promise<Step[]> {
  let recorder: Recorder | undefined;
  const cloud = await openLocalCloud({
    name: 'bench',
    say: (line) => /^cdk|starting/.test(line) && console.error(line),
    between: async (upstream) => {
      recorder = await openRecorder(upstream);
      return recorder;
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'shallop-bench-aws-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(cloud), { mode: 0o600 });
  const steps: Step[] = [];
  const k = async (args: string[], input?: object) => {
    const { output, exitCode } = await runKubectl(
      anyKubectl()!,
      kubeconfig,
      args,
      input && JSON.stringify(input),
    );
    if (exitCode !== 0) throw new Error(output);
    return output;
  };
  /** Whatever follows from the step belongs to it: it is over when nothing was called for a while. */
  const step = async (what: string, count: number, run: () => Promise<unknown>) => {
    await quiet(recorder!);
    recorder!.take();
    await run();
    steps.push({ what, count, calls: await quiet(recorder!) });
  };
  try {
    const raw = (verb: string, path: string) => k([verb, '--raw', path]);
    // kubectl takes such a path as it is: the stage's has to be in it.
    const maps = `${new URL(cloud.front.url).pathname}/api/v1/namespaces/default/configmaps`;
    await until('the default service account', () =>
      k(['get', 'sa', 'default']).then(
        () => true,
        () => false,
      ),
    );
    // What a process reads once is read: a token's identity, the signing key, the first page of a log.
    await raw('get', maps);
    const file = join(folder, 'map.json');
    writeFileSync(file, JSON.stringify(configMap));
    await step('create a ConfigMap of 1 KB', 1, () => k(['create', '--raw', maps, '-f', file]));
    await step('GET it', 1, () => raw('get', `${maps}/kilobyte`));
    await step('list 1 ConfigMap and the CA', 1, () => raw('get', maps));
    await step('replace it', 1, () => k(['replace', '--raw', `${maps}/kilobyte`, '-f', file]));
    await step('delete it', 1, () => raw('delete', `${maps}/kilobyte`));
    await step('a resync with nothing to do', 1, () => cloud.resync());
    await k(['create', 'deployment', 'web', '--image=web:1', '--replicas=1']);
    await k(['rollout', 'status', 'deployment/web', '--timeout=120s']);
    await step('10 Pods more of a Deployment, Ready', 10, async () => {
      await k(['scale', 'deployment/web', '--replicas=11']);
      await k(['rollout', 'status', 'deployment/web', '--timeout=180s']);
    });
    return steps;
  } finally {
    await cloud.close();
    await recorder?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The calls until none came for two seconds. */
async function quiet(recorder: Recorder): Promise<Call[]> {
  const calls: Call[] = [];
  let last = Date.now();
  await until(
    'no more calls',
    () => {
      const more = recorder.take();
      calls.push(...more);
      if (more.length) last = Date.now();
      return Date.now() - last > 2_000;
    },
    120_000,
  );
  return calls;
}

const configMap = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kilobyte', namespace: 'default' },
  data: { text: 'x'.repeat(1000) },
};

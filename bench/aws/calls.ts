import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKubectl } from '../../examples/demo/story.ts';
import { fnv1a } from '../../src/shared/meta/fnv1a.ts';
import { until } from '../../test/support/until.ts';
import { kubeconfigOf } from '../../tools/emulator/awsKubeconfig.ts';
import { openLocalCloud } from '../../tools/emulator/localCloud.ts';
import { anyKubectl } from '../../tools/kubectl.ts';
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
  /**
   * Whatever follows from the step belongs to it: it is over when nothing was called for a while. Of several runs the
   * one with the fewest calls: the schedule's resync may fall into others.
   */
  const step = async (what: string, count: number, runs: (() => Promise<unknown>)[]) => {
    const found: Call[][] = [];
    for (const run of runs) {
      await quiet(recorder!);
      recorder!.take();
      await run();
      found.push(await quiet(recorder!));
    }
    const [calls = []] = found.sort((x, y) => x.length - y.length);
    steps.push({ what, count, calls });
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
    const names = ['one', 'two', 'three'];
    const each = (run: (name: string) => Promise<unknown>) => names.map((name) => () => run(name));
    const file = (name: string, text: string) => {
      const path = join(folder, `${name}.json`);
      writeFileSync(path, JSON.stringify(configMap(name, text)));
      return path;
    };
    await step(
      'create a ConfigMap of 1 KB',
      1,
      each((name) => k(['create', '--raw', maps, '-f', file(name, 'x')])),
    );
    await step(
      'GET it',
      1,
      each((name) => raw('get', `${maps}/${name}`)),
    );
    await step(
      'list 3 of them and the CA',
      1,
      each(() => raw('get', maps)),
    );
    const replace = (name: string, text: string) =>
      k(['replace', '--raw', `${maps}/${name}`, '-f', file(name, text)]);
    await step(
      'replace it',
      1,
      each((name) => replace(name, 'y')),
    );
    await step(
      'replace it by the same',
      1,
      each((name) => replace(name, 'y')),
    );
    await step(
      'delete it',
      1,
      each((name) => raw('delete', `${maps}/${name}`)),
    );
    await until('a minute in which no cluster has its turn', () => !isTurn(Date.now()), 120_000);
    await step(
      'a resync of any minute',
      1,
      each(() => cloud.resync(false)),
    );
    await step(
      'a resync of everything',
      1,
      each(() => cloud.resync(true)),
    );
    const services = maps.replace('configmaps', 'services');
    const service = (name: string) => {
      const path = join(folder, `${name}-service.json`);
      writeFileSync(path, JSON.stringify(clusterIp(name)));
      return path;
    };
    await step(
      'create a Service of type ClusterIP',
      1,
      each((name) => k(['create', '--raw', services, '-f', service(name)])),
    );
    await k(['create', 'deployment', 'web', '--image=web:1', '--replicas=1']);
    await k(['rollout', 'status', 'deployment/web', '--timeout=120s']);
    const scale = (replicas: number) => async () => {
      await k(['scale', 'deployment/web', `--replicas=${replicas}`]);
      await k(['rollout', 'status', 'deployment/web', '--timeout=180s']);
    };
    await step('10 Pods more of a Deployment, Ready', 10, [scale(11), scale(21)]);
    return steps;
  } finally {
    await cloud.close();
    await recorder?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A cluster is looked at as a whole in one minute of ten (resync.ts): not what any other minute costs. */
const isTurn = (now: number): boolean =>
  [now, now + 30_000].some((at) => (Math.floor(at / 60_000) + fnv1a('default')) % 10 === 0);

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

const configMap = (name: string, letter: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data: { text: letter.repeat(1000) },
});

const clusterIp = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

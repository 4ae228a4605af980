import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { giveInput } from '../../examples/demo/giveInput.ts';
import { type Answer, manifests, type Recorded } from '../../tools/conformance/verdicts.ts';
import { until } from '../support/until.ts';
import { normalise } from './normalise.ts';

export interface Pace {
  /** How long it may take until nothing is being started or stopped. */
  patienceMs: number;
  /** A change waits until controllers have seen the one before: slow ones would see only the last of several. */
  slow?: boolean;
}

/** Replays recorded commands against one control plane, in a folder of its own that holds their manifests. */
export class Replay {
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly pace: Pace;
  private nodes: string[] = [];

  constructor(folder: string, kubectl: string, kubeconfig: string, pace: Pace = { patienceMs: 30_000 }) {
    this.folder = folder;
    this.pace = pace;
    const bin = join(folder, 'bin');
    mkdirSync(bin, { recursive: true });
    symlinkSync(kubectl, join(bin, 'kubectl'));
    this.env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: folder,
      KUBECONFIG: kubeconfig,
      KUBECACHEDIR: join(folder, 'cache'),
    };
    for (const [path, text] of Object.entries(manifests)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }

  /** The namespace and the state the recordings began with. */
  async prepare(): Promise<void> {
    await this.shell(
      'kubectl create namespace demo && kubectl config set-context --current --namespace=demo',
    );
    await until('a node', async () => {
      this.nodes = (await this.shell(untainted)).stdout!.trim().split(/\s+/).filter(Boolean);
      return this.nodes.length > 0;
    });
    await until(
      'the account',
      async () => (await this.shell('kubectl get serviceaccount default')).exitCode === 0,
    );
  }

  /** Runs a command and gives its normalised answer; one that does not end by itself is given `limitMs` to print all it should. */
  async answer(recorded: Recorded, limitMs = 10_000): Promise<Answer> {
    const { command } = recorded;
    // Where Pods start at once the recorded ones were ready before anybody asked.
    const isAboutReady = !this.pace.slow && /^kubectl rollout status/.test(command);
    if (isAboutReady || /^kubectl (get|describe|logs|events|diff)/.test(command)) await this.quiet();
    else if (this.pace.slow) await this.all('Deployments being seen', seen);
    if (recorded.before) await this.shell(recorded.before);
    const { exitCode, stdout, stderr } = await this.shell(command, recorded, limitMs);
    return { exitCode, stdout: normalise(stdout!, this.nodes), stderr: normalise(stderr!, this.nodes) };
  }

  /** Nothing is being started or stopped. */
  quiet(): Promise<void> {
    return this.all('nothing being started or stopped', settled);
  }

  private async all(what: string, condition: (item: Settling) => boolean): Promise<void> {
    await until(
      what,
      async () => {
        const { stdout } = await this.shell('kubectl get pods,deployments -o json');
        return (JSON.parse(stdout!) as { items: Settling[] }).items.every(condition);
      },
      this.pace.patienceMs,
    );
  }

  async shell(command: string, how: Partial<Recorded> = {}, limitMs = 10_000): Promise<Answer> {
    // exec: the signal that stops a command must reach kubectl itself.
    const line = (how.stopped ? 'exec ' : '') + command.replaceAll('kwok-0', this.nodes[0] ?? '');
    const child = spawn('sh', ['-c', line], {
      cwd: this.folder,
      env: { ...this.env, KUBE_EDITOR: how.editor },
    });
    const got = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      got.stdout += data;
    });
    child.stderr.on('data', (data) => {
      got.stderr += data;
    });
    giveInput(child, how.stdin);
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const lines = () => got.stdout.split('\n').length;
    const expected = how.stdout?.split('\n').length ?? 0;
    if (how.stopped) {
      if (how.meanwhile) await this.disturb(how.meanwhile, lines, expected);
      await until('all lines', () => lines() >= expected, limitMs).catch(() => undefined);
      child.kill('SIGINT');
    } else if (how.meanwhile) await this.shell(how.meanwhile);
    const exitCode = await ended;
    return how.stopped ? got : { exitCode, ...got };
  }

  /** Changes something until the command that watches tells of it: only then has its watch begun. */
  private async disturb(change: string, lines: () => number, expected: number): Promise<void> {
    const listed = expected - 1;
    if (listed > 2) await until('the list', () => lines() >= listed, 10_000);
    for (let n = 0; lines() < expected && n < 10; n++) {
      await this.shell(change.replace('$n', `n${n}`));
      await until('the change', () => lines() >= expected, 1000).catch(() => undefined);
    }
  }
}

/** Where Pods go that tolerate nothing. */
const untainted =
  "kubectl get nodes -o go-template='{{range .items}}{{if not .spec.taints}}{{.metadata.name}} {{end}}{{end}}'";

interface Settling {
  kind: string;
  metadata: { deletionTimestamp?: string; generation?: number };
  spec: { replicas?: number };
  status?: Record<string, unknown> & { conditions?: { type: string; status: string }[] };
}

const seen = ({ kind, metadata, status }: Settling): boolean =>
  kind === 'Pod' || status?.observedGeneration === metadata.generation;

function settled({ kind, metadata, spec, status }: Settling): boolean {
  if (metadata.deletionTimestamp) return false;
  if (kind === 'Pod')
    return (
      status?.phase === 'Succeeded' ||
      (status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false)
    );
  const all = spec.replicas ?? 1;
  return (
    status?.observedGeneration === metadata.generation &&
    ['replicas', 'updatedReplicas', 'availableReplicas'].every((name) => (status?.[name] ?? 0) === all)
  );
}

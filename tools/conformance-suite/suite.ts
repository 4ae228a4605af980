import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type Ended, transcript } from './transcript.ts';

export interface Suite {
  /** The built `e2e.test`. */
  e2e: string;
  kubectl: string;
  kubeconfig: string;
  /** Nodes that the cluster has; the suite counts them itself when absent. */
  nodes?: number;
  /** Seconds after which a spec is interrupted. */
  limit: number;
  /** Interrupts whatever runs; how that spec ended says nothing and is not yielded. */
  told: AbortSignal;
}

const graceSeconds = 20;

/**
 * Runs the specs one after the other in one process of the suite, and yields how each ended. A spec that takes too long is
 * interrupted and ends the process: the caller starts another one for the rest.
 */
export async function* runSpecs(
  suite: Suite,
  names: string[],
  log: (line: string) => void,
): AsyncGenerator<Ended> {
  const { told } = suite;
  const child = spawn(suite.e2e, argumentsOf(suite, names), {
    env: withoutProxies(process.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A signal to the terminal's group is ours to pass on: the suite cleans up before it ends.
    detached: true,
  });
  const endWithUs = () => child.kill('SIGINT');
  told.addEventListener('abort', endWithUs);
  process.once('exit', endWithUs);
  child.stderr.on('data', (bytes: Buffer) => log(bytes.toString()));
  const spec = transcript(names);
  let interrupted = false;
  let timers: NodeJS.Timeout[] = [];
  const startTimers = () => {
    const interrupt = () => {
      interrupted = true;
      child.kill('SIGINT');
    };
    timers = [
      setTimeout(interrupt, suite.limit * 1000),
      setTimeout(() => child.kill('SIGKILL'), (suite.limit + graceSeconds + 10) * 1000),
    ];
  };
  const stopTimers = () => {
    for (const timer of timers) clearTimeout(timer);
  };
  const outcome = (ended: Ended): Ended => (interrupted ? { ...ended, outcome: 'timed out' } : ended);

  try {
    for await (const line of createInterface({ input: child.stdout })) {
      log(line);
      const before = spec.current;
      const ended = spec.line(line);
      if (spec.current !== before) {
        stopTimers();
        if (spec.current) startTimers();
      }
      if (ended && !told.aborted) {
        yield outcome(ended);
        if (interrupted) return;
      }
    }
    const last = spec.end();
    if (last && !told.aborted) yield outcome(last);
  } finally {
    stopTimers();
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    told.removeEventListener('abort', endWithUs);
    process.off('exit', endWithUs);
  }
}

/** The flags under which the suite waits for no DaemonSets of kube-system and takes nodes as they are. */
export function argumentsOf(
  { kubeconfig, kubectl, nodes }: Pick<Suite, 'kubeconfig' | 'kubectl' | 'nodes'>,
  names: string[],
): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--provider=skeleton',
    `--kubectl-path=${kubectl}`,
    '--allowed-not-ready-nodes=-1',
    '--minStartupPods=0',
    `--num-nodes=${nodes ?? -1}`,
    '--system-daemonsets-startup-timeout=1s',
    '--system-pods-startup-timeout=20s',
    '--node-schedulable-timeout=20s',
    '--disable-log-dump',
    '--dump-logs-on-failure=false',
    '--ginkgo.no-color',
    '--ginkgo.v',
    '--ginkgo.timeout=24h',
    `--ginkgo.grace-period=${graceSeconds}s`,
    `--ginkgo.focus=${focusOf(names)}`,
  ];
}

/** Ginkgo matches a pattern of Go's RE2 against the name with the labels behind it; some names end with a blank. */
const focusOf = (names: string[]): string =>
  `(?:${names.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')}) *(?:$| \\[)`;

/** The suite talks to this machine only. */
function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !/_proxy$/i.test(name));
  return Object.fromEntries(kept);
}

import { type Month, monthOf, type Tasks, taskOf } from '../../aws/prices/month.ts';
import type { Ingress, Pod, Service } from '../../shared/kinds/schema/types.ts';
import type { StackOutputs } from './stack.ts';
import { readVersions, type Versions } from './versions.ts';

/** Describes what a deployment says of itself, and what a month of it costs as it is now. */
export interface DeploymentState {
  /** Says why it is not ready; absent when it is. */
  problem?: string;
  /** Is that of Kubernetes; absent when the API does not tell it. */
  version?: string;
  versions: Versions;
  pods: { running: number; waiting: number; spot: number; cpu: number; spotCpu: number; gigabytes: number };
  loadBalancers: number;
  month: Month;
}

/** Asks the API: an answer, or what it refuses. */
export type Ask = (path: string) => Promise<{ status: number; body: string }>;

export interface DeploymentQuery {
  ask: Ask;
  /** Says how tasks reach the internet, as the stack says it. */
  nat: 'none' | 'gateway' | 'instance' | 'other';
  zones: number;
  /** Is what the stack says its functions are. */
  release?: StackOutputs['release'];
}

/** Asks for what is needed. Throws when the API lists nothing. */
export async function deploymentState({
  ask,
  nat,
  zones,
  release,
}: DeploymentQuery): Promise<DeploymentState> {
  const ready = await ask('/readyz');
  const version = await ask('/version');
  const versions = await readVersions(ask, { ...(release && { release }) });
  const pods = (await listOf<Pod>(ask, '/api/v1/pods')).filter(({ status }) => !isOver(status?.phase));
  const services = await listOf<Service>(ask, '/api/v1/services');
  const ingresses = await listOf<Ingress>(ask, '/apis/networking.k8s.io/v1/ingresses');
  const running = pods.filter(({ status }) => status?.phase === 'Running');
  const tasks = running.map(tasksOf);
  const hosts = [...services, ...ingresses].flatMap(
    ({ status }) => status?.loadBalancer?.ingress?.map(({ hostname }) => hostname) ?? [],
  );
  const loadBalancers = new Set(hosts.filter(Boolean)).size;
  const month = monthOf({ tasks, nat: nat === 'other' ? 'none' : nat, zones, loadBalancers });
  return {
    ...(ready.status !== 200 && { problem: ready.body.trim() || `it answers ${ready.status}` }),
    ...(version.status === 200 && { version: JSON.parse(version.body).gitVersion }),
    versions,
    pods: {
      running: running.length,
      waiting: pods.length - running.length,
      spot: tasks.filter(({ spot }) => spot).length,
      cpu: sum(tasks.map(({ size }) => size.cpu / 1024)),
      spotCpu: sum(tasks.map(({ size, spot }) => (spot ? size.cpu / 1024 : 0))),
      gigabytes: sum(tasks.map(({ size }) => size.memory / 1024)),
    },
    loadBalancers,
    month: nat === 'other' ? { ...month, addresses: 0 } : month,
  };
}

const isOver = (phase: string | undefined) => phase === 'Succeeded' || phase === 'Failed';
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** Nodes are named by what they stand for: `fargate-spot-eu-west-1a-arm64`. */
function tasksOf({ spec, metadata }: Pod): Tasks {
  const node = spec?.nodeName ?? '';
  const selected = spec?.nodeSelector?.['kubernetes.io/arch'];
  return {
    count: 1,
    size: taskOf(spec ?? { containers: [] }),
    architecture: selected === 'arm64' || node.endsWith('-arm64') ? 'arm64' : 'amd64',
    spot: /^fargate-spot-/.test(node) || metadata.annotations?.['shallop.dev/capacity-type'] === 'spot',
  };
}

async function listOf<T>(ask: Ask, path: string): Promise<T[]> {
  const found: T[] = [];
  let next = '';
  do {
    const { status, body } = await ask(`${path}?limit=500${next}`);
    if (status !== 200) throw new Error(messageIn(body) ?? `${path} answers ${status}`);
    const list = JSON.parse(body) as { items?: T[]; metadata?: { continue?: string } };
    found.push(...(list.items ?? []));
    next = list.metadata?.continue ? `&continue=${encodeURIComponent(list.metadata.continue)}` : '';
  } while (next);
  return found;
}

function messageIn(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { message?: string }).message;
  } catch {
    return undefined;
  }
}

import { isTerminal } from '../../../shared/controllers/common/pods.ts';
import type {
  Namespace,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Pod,
} from '../../../shared/kinds/schema/types.ts';
// Here too an empty selector selects everything.
import { selectsForBudget as selects } from '../../../shared/meta/selects.ts';
import type { Allowed, Peers, PodTraffic, PortRange } from '../../../shared/ports/cloud.ts';

export interface Observed {
  cluster: string;
  policies: readonly NetworkPolicy[];
  pods: readonly Pod[];
  namespaces: readonly Namespace[];
}

/**
 * Returns what traffic each Pod may have: all that any policy allows which selects it, and everything where none does.
 */
export function plan({ cluster, policies, pods, namespaces }: Observed): PodTraffic[] {
  const labels = new Map(namespaces.map(({ metadata }) => [metadata.name ?? '', metadata.labels ?? {}]));
  // A Pod on the machine's network is the machine.
  const filtered = pods.filter((pod) => pod.spec?.nodeName && !pod.spec.hostNetwork && !isTerminal(pod));
  const known: Known = { labels, pods: filtered.filter(({ status }) => status?.podIP) };
  const byPlace = Map.groupBy(policies, ({ metadata }) => metadata.namespace ?? '');
  return filtered.map((pod) => {
    const { namespace = '', name = '', uid = '', labels: own = {} } = pod.metadata;
    const selecting = (byPlace.get(namespace) ?? []).filter(({ spec }) =>
      selects(spec?.podSelector ?? {}, own),
    );
    const isAbout = (type: 'Ingress' | 'Egress') => (policy: NetworkPolicy) =>
      policy.spec?.policyTypes?.includes(type) ?? false;
    const [ingress, egress] = [selecting.filter(isAbout('Ingress')), selecting.filter(isAbout('Egress'))];
    const address = pod.status?.podIP;
    return {
      ref: { cluster, namespace, name, uid },
      ...(address && { address }),
      ...(ingress.length && { ingress: ingress.flatMap((policy) => ingressOf(policy, pod, known)) }),
      ...(egress.length && { egress: egress.flatMap((policy) => egressOf(policy, known)) }),
    };
  });
}

interface Known {
  /** Of each namespace. */
  labels: ReadonlyMap<string, Record<string, string>>;
  /** Those that have an address. */
  pods: readonly Pod[];
}

/** Named ports are those of the Pod itself. */
const ingressOf = ({ metadata, spec }: NetworkPolicy, pod: Pod, known: Known): Allowed[] =>
  (spec?.ingress ?? []).flatMap(({ from, ports }) => {
    const peers = from?.length ? peersOf(from, metadata.namespace ?? '', known) : undefined;
    if (!ports?.length) return [allowed(peers)];
    const ranges = ports.flatMap((port) => rangesOf(port, pod));
    return ranges.length ? [allowed(peers, ranges)] : [];
  });

/** Named ports are those of each peer, so that Pods with different numbers for a name are rules of their own. */
const egressOf = ({ metadata, spec }: NetworkPolicy, known: Known): Allowed[] =>
  (spec?.egress ?? []).flatMap(({ to, ports }) => {
    const selected = to?.length ? selectedBy(to, metadata.namespace ?? '', known) : known.pods;
    const peers = to?.length ? peersOf(to, metadata.namespace ?? '', known) : undefined;
    if (!ports?.length) return [allowed(peers)];
    const [named, numbered] = [ports.filter(isNamed), ports.filter((port) => !isNamed(port))];
    const ranges = numbered.flatMap((port) => rangesOf(port, undefined));
    return [
      ...(ranges.length ? [allowed(peers, ranges)] : []),
      ...named.flatMap((port) => byNumber(port, selected)),
    ];
  });

function byNumber(port: NetworkPolicyPort, selected: readonly Pod[]): Allowed[] {
  const pods = selected.flatMap((pod) => rangesOf(port, pod).map((range) => ({ range, pod })));
  return [...Map.groupBy(pods, ({ range }) => range.first)].map(([, same]) =>
    allowed({ addresses: addressesOf(same.map(({ pod }) => pod)), blocks: [] }, [same[0]!.range]),
  );
}

const allowed = (peers: Peers | undefined, ports?: PortRange[]): Allowed => ({
  ...(peers && { peers }),
  ...(ports && { ports }),
});

const isNamed = ({ port }: NetworkPolicyPort) => typeof port === 'string';

const peersOf = (peers: readonly NetworkPolicyPeer[], own: string, known: Known): Peers => ({
  addresses: addressesOf(selectedBy(peers, own, known)),
  blocks: peers.flatMap(({ ipBlock }) =>
    ipBlock ? [{ cidr: ipBlock.cidr, except: ipBlock.except ?? [] }] : [],
  ),
});

const addressesOf = (pods: readonly Pod[]): string[] =>
  [...new Set(pods.map(({ status }) => status?.podIP ?? ''))].sort();

/** Pods that a peer selects: of the policy's own namespace, unless it selects namespaces. */
function selectedBy(peers: readonly NetworkPolicyPeer[], own: string, { labels, pods }: Known): Pod[] {
  return pods.filter(({ metadata: { namespace = '', labels: ofPod = {} } }) =>
    peers.some(({ podSelector, namespaceSelector, ipBlock }) => {
      if (ipBlock) return false;
      const isThere = namespaceSelector
        ? selects(namespaceSelector, labels.get(namespace) ?? {})
        : namespace === own;
      return isThere && (podSelector === undefined || selects(podSelector, ofPod));
    }),
  );
}

/** The ports that a rule means at a Pod; none where the Pod has no port of that name and protocol. */
function rangesOf({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, pod: Pod | undefined): PortRange[] {
  const known = protocol as PortRange['protocol'];
  if (port === undefined) return [{ protocol: known }];
  if (typeof port === 'number') return [{ protocol: known, first: port, last: endPort ?? port }];
  const containers = [...(pod?.spec?.containers ?? []), ...(pod?.spec?.initContainers ?? [])];
  const found = containers
    .flatMap(({ ports = [] }) => ports)
    .filter((each) => each.name === port && (each.protocol ?? 'TCP') === protocol);
  return [...new Set(found.map(({ containerPort }) => containerPort))].map((number) => ({
    protocol: known,
    first: number,
    last: number,
  }));
}

import type { PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { clusterDomain } from '../../../../shared/ports/names.ts';
import { textOf } from './textOf.ts';

interface Resolving {
  spec: PodSpec | undefined;
  namespace: string;
  /** Says where names of its logical cluster are answered; without one a Pod asks whom the machine asks. */
  nameserver?: string | undefined;
  /** Says whether its loopback is another one than the machine's: a server there is none for it. */
  hasOwnLoopback?: boolean;
}

/** Is what kubelet takes at most. */
const mostServers = 3;
const mostSearches = 32;

/** The resolv.conf of a Pod by its dnsPolicy, with what its dnsConfig adds. */
export function resolvFile(
  { spec, namespace, nameserver, hasOwnLoopback }: Resolving,
  machine = textOf('/etc/resolv.conf'),
): string {
  const base = baseOf(spec, namespace, nameserver, machine);
  if (nameserver && hasOwnLoopback)
    base.servers = base.servers.map((each) => (isLoopback(each) ? nameserver : each));
  const { nameservers = [], searches = [], options = [] } = spec?.dnsConfig ?? {};
  const servers = [...new Set([...base.servers, ...nameservers])].slice(0, mostServers);
  const search = [...new Set([...base.searches, ...searches])].slice(0, mostSearches);
  const settings = new Map(base.options.map((each) => [each.split(':')[0], each]));
  for (const { name = '', value } of options)
    settings.set(name, value === undefined ? name : `${name}:${value}`);
  return [
    ...(search.length ? [`search ${search.join(' ')}`] : []),
    ...servers.map((each) => `nameserver ${each}`),
    ...(settings.size ? [`options ${[...settings.values()].join(' ')}`] : []),
    '',
  ].join('\n');
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

interface Base {
  servers: string[];
  searches: string[];
  options: string[];
}

function baseOf(
  spec: PodSpec | undefined,
  namespace: string,
  nameserver: string | undefined,
  machine: string,
): Base {
  const policy = spec?.dnsPolicy ?? 'ClusterFirst';
  if (policy === 'None') return { servers: [], searches: [], options: [] };
  const lines = machine.split('\n').map((line) => line.trim().split(/\s+/));
  const of = (key: string) => lines.filter(([word]) => word === key).flatMap(([, ...rest]) => rest);
  const usesCluster =
    policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !spec?.hostNetwork);
  if (!usesCluster || !nameserver)
    return { servers: of('nameserver'), searches: of('search'), options: of('options') };
  return {
    servers: [nameserver],
    searches: [`${namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain, ...of('search')],
    options: ['ndots:5'],
  };
}

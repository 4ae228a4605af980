import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname as machineName } from 'node:os';
import { join } from 'node:path';
import type { PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { clusterDomain } from '../../../../shared/ports/names.ts';
import type { Mount } from '../sandbox.ts';
import { resolvFile } from './resolvFile.ts';
import { textOf } from './textOf.ts';

interface PodNames {
  spec: PodSpec | undefined;
  podName: string;
  namespace: string;
  ip: string;
  /** Says where names of its logical cluster are answered. */
  nameserver?: string | undefined;
  /** As in resolvFile(). */
  hasOwnLoopback?: boolean;
}

/** A Pod's host name, as kubelet makes it; undefined where it is the machine's. */
export function hostnameOf({
  spec,
  podName,
  namespace,
}: Pick<PodNames, 'spec' | 'podName' | 'namespace'>): string | undefined {
  if (spec?.hostNetwork) return undefined;
  const short = (spec?.hostnameOverride ?? (spec?.hostname || podName)).slice(0, 63).replace(/[-.]+$/, '');
  const domain = domainOf(spec, namespace);
  return spec?.setHostnameAsFQDN && domain ? `${short}.${domain}`.slice(0, 64) : short;
}

const domainOf = (spec: PodSpec | undefined, namespace: string) =>
  spec?.subdomain && spec.hostnameOverride === undefined
    ? `${spec.subdomain}.${namespace}.svc.${clusterDomain}`
    : '';

/** Writes /etc/hosts, /etc/hostname and /etc/resolv.conf of a container into a folder; answers their mounts. */
export function writeEtc(folder: string, names: PodNames): Mount[] {
  mkdirSync(folder, { recursive: true });
  const texts = {
    hosts: hostsFile(names),
    hostname: `${hostnameOf(names) ?? machineName()}\n`,
    'resolv.conf': resolvFile(names),
  };
  return Object.entries(texts).map(([name, text]) => {
    const source = join(folder, name);
    writeFileSync(source, text, { mode: 0o644 });
    return { source, target: `/etc/${name}`, readOnly: false };
  });
}

const localNames = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'fe00::\tip6-mcastprefix',
  'fe00::1\tip6-allnodes',
  'fe00::2\tip6-allrouters',
];

export function hostsFile({ spec, podName, namespace, ip }: PodNames): string {
  const aliases = (spec?.hostAliases ?? []).map(({ ip: address, hostnames = [] }) =>
    [address, ...hostnames].join('\t'),
  );
  const added = aliases.length ? ['', '# Entries added by HostAliases.', ...aliases] : [];
  if (spec?.hostNetwork) {
    const text = [
      '# Kubernetes-managed hosts file (host network).',
      textOf('/etc/hosts').trimEnd(),
      ...added,
    ];
    return `${text.join('\n')}\n`;
  }
  const short = spec?.hostnameOverride ?? (spec?.hostname || podName);
  const domain = domainOf(spec, namespace);
  const own = [ip, ...(domain ? [`${short}.${domain}`] : []), short].join('\t');
  return `${['# Kubernetes-managed hosts file.', ...localNames, own, ...added].join('\n')}\n`;
}

const devices = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const links = {
  fd: '/proc/self/fd',
  stdin: '/proc/self/fd/0',
  stdout: '/proc/self/fd/1',
  stderr: '/proc/self/fd/2',
  ptmx: 'pts/ptmx',
  core: '/proc/kcore',
};

/**
 * Makes the folder that a container sees as /dev; the devices themselves are mounted on the empty files in it.
 * @param hasTerminal It has /dev/console, too, on which its terminal is to be mounted.
 */
export function makeDev(folder: string, hasTerminal: boolean): Mount[] {
  for (const name of ['pts', 'shm', 'mqueue']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of [...devices, ...(hasTerminal ? ['console'] : [])]) writeFileSync(join(folder, name), '');
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name));
  return [
    { source: folder, target: '/dev', readOnly: false },
    ...devices.map((name) => ({ source: `/dev/${name}`, target: `/dev/${name}`, readOnly: false })),
  ];
}

import type { PodSpec } from '../../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../../shared/podspec/context.ts';

/** Is what kubelet lets every Pod set: it concerns nothing but the Pod. */
const safe = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
]);

/**
 * Kernel settings of a Pod, with those that container runtimes make for every Pod with a network of its own: any user
 * may listen on ports below 1024. Throws ConfigError for one that kubelet forbids, or that the container may not set as its
 * user namespace is not the owner of the network.
 */
export function sysctlsOf(
  spec: PodSpec | undefined,
  { network, isOwner }: { network: boolean; isOwner: boolean },
): { name: string; value: string }[] {
  const asked = (spec?.securityContext?.sysctls ?? []).map(({ name, value }) => ({
    name: name.replaceAll('/', '.'),
    value,
  }));
  const forbidden = asked.find(({ name }) => !safe.has(name));
  if (forbidden)
    throw new ConfigError(`forbidden sysctl: "${forbidden.name}" not allowlisted`, 'SysctlForbidden');
  const another = isOwner ? undefined : asked.find(({ name }) => name.startsWith('net.'));
  if (another)
    throw new ConfigError(
      `sysctl "${another.name}" is not for a container that sees this machine's processes, as shallop is not run as root`,
      'SysctlForbidden',
    );
  const standard = network && isOwner ? [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] : [];
  return [...standard.filter(({ name }) => !asked.some((each) => each.name === name)), ...asked];
}

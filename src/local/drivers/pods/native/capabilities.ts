import type { SecurityContext } from '../../../../shared/kinds/schema/types.ts';

/** Is what containerd gives a container that asks for nothing. */
const standard = [
  'audit_write',
  'chown',
  'dac_override',
  'fowner',
  'fsetid',
  'kill',
  'mknod',
  'net_bind_service',
  'net_raw',
  'setfcap',
  'setgid',
  'setpcap',
  'setuid',
  'sys_chroot',
];

/** Every capability there is, by its number in the kernel. */
const all = [
  ...['chown', 'dac_override', 'dac_read_search', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap'],
  ...['linux_immutable', 'net_bind_service', 'net_broadcast', 'net_admin', 'net_raw', 'ipc_lock'],
  ...['ipc_owner', 'sys_module', 'sys_rawio', 'sys_chroot', 'sys_ptrace', 'sys_pacct', 'sys_admin'],
  ...['sys_boot', 'sys_nice', 'sys_resource', 'sys_time', 'sys_tty_config', 'mknod', 'lease'],
  ...['audit_write', 'audit_control', 'setfcap', 'mac_override', 'mac_admin', 'syslog', 'wake_alarm'],
  ...['block_suspend', 'audit_read', 'perfmon', 'bpf', 'checkpoint_restore'],
];

/** The capabilities of a container, in setpriv's words. Throws with an unknown one's name. */
export function capabilitiesOf(security: SecurityContext | undefined): Set<string> {
  if (security?.privileged) return new Set(all);
  const named = (list: string[] = []) => list.map((name) => name.toLowerCase().replace(/^cap_/, ''));
  const [add, drop] = [named(security?.capabilities?.add), named(security?.capabilities?.drop)];
  const unknown = [...add, ...drop].find((name) => name !== 'all' && !all.includes(name));
  if (unknown) throw new Error(`unknown capability "CAP_${unknown.toUpperCase()}"`);
  const base = add.includes('all') ? all : standard;
  const kept = drop.includes('all') && !add.includes('all') ? [] : base;
  return new Set([...kept.filter((name) => !drop.includes(name)), ...add.filter((name) => name !== 'all')]);
}

/** For `setpriv --bounding-set`. */
export const boundingSet = (kept: Iterable<string>): string =>
  ['-all', ...[...kept].map((name) => `+${name}`)].join(',');

import type { KernelCapabilities } from '@aws-sdk/client-ecs';
import type { Container } from '../../../shared/kinds/schema/types.ts';

/** Is what containers have unless it is dropped, on Fargate as with Docker. */
const usual = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** ECS lets Fargate tasks add this one, and drop any. */
const addable = new Set(['SYS_PTRACE']);

/** Those that a container adds and cannot have. */
export const impossible = ({ securityContext }: Container): string[] =>
  (securityContext?.capabilities?.add ?? []).filter((each) => !addable.has(each) && !usual.has(each));

/**
 * A container's capabilities as ECS takes them: it adds none of the usual ones, so that `drop: [ALL]` beside
 * `add: [NET_BIND_SERVICE]` becomes a drop of the others.
 */
export function capabilitiesOf({ securityContext }: Container): KernelCapabilities | undefined {
  const { add = [], drop = [] } = securityContext?.capabilities ?? {};
  const [kept, added] = [add.filter((each) => usual.has(each)), add.filter((each) => addable.has(each))];
  const dropsAll = drop.includes('ALL');
  // What is added goes before what is dropped, as with container runtimes.
  const dropped = dropsAll && kept.length > 0 ? [...usual] : drop;
  const left = dropped.filter((each) => !kept.includes(each));
  if (added.length === 0 && left.length === 0) return undefined;
  return { ...(added.length > 0 && { add: added }), ...(left.length > 0 && { drop: left }) };
}

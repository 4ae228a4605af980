/** Is what may be written of a Pod's state. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../../../meta/names.ts';
import type { ContainerStatus, Pod, PodCondition, PodStatus } from '../../../../schema/types.ts';
import { duplicate, forbidden, invalidValue } from '../../../../validation/causes.ts';
import { isIPv6 } from '../../../../validation/ipSyntax.ts';
import { legacyIP } from '../../../../validation/legacyIP.ts';
import { checked, immutable } from '../../../../validation/rules.ts';
import { podAnnotations } from './annotations.ts';

const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

export function validateStatus(pod: Pod, old: Pod): Cause[] {
  const { status = {}, spec } = pod;
  const before = old.status ?? {};
  const causes = podAnnotations(pod);
  addAll(causes, validConditions('status.conditions', status.conditions ?? []));
  addAll(causes, validNomination(status, before, old.spec?.nodeName));
  addAll(causes, count('status.observedGeneration', status.observedGeneration));
  addAll(causes, immutable('status.qosClass', status.qosClass ?? '', before.qosClass ?? ''));
  for (const list of lists)
    addAll(causes, transitions(`status.${list}`, status[list], before[list], old, list));
  addAll(causes, validClaims(pod), validIPs('status.podIPs', 'IP', status.podIPs ?? []));
  addAll(causes, validHostIPs(status));
  const isWindows = spec?.os?.name === 'windows';
  for (const list of lists) addAll(causes, validUsers(`status.${list}`, status[list] ?? [], isWindows));
  return causes;
}

const ofKubernetes = ['PodScheduled', 'Ready', 'Initialized'];

const validConditions = (field: string, conditions: PodCondition[]): Cause[] =>
  conditions.flatMap(({ type, observedGeneration }, i) => [
    ...count(`${field}[${i}].observedGeneration`, observedGeneration),
    // Kubernetes writes this field with a capital letter.
    ...(ofKubernetes.includes(type) ? [] : checked(`${field}[${i}].Type`, type, qualifiedNameProblems)),
  ]);

const count = (field: string, value: number | undefined): Cause[] =>
  value !== undefined && value < 0 ? [invalidValue(field, value, 'must be a non-negative integer')] : [];

/** The node that may make room for the Pod. */
function validNomination(status: PodStatus, before: PodStatus, nodeName: string | undefined): Cause[] {
  const field = 'status.nominatedNodeName';
  const name = status.nominatedNodeName;
  if (!name || name === before.nominatedNodeName) return [];
  const causes = checked(field, name, dns1123SubdomainProblems);
  if (!nodeName) return causes;
  return [...causes, forbidden(field, 'may not be set on pods that are already bound to a node')];
}

/** What has ended for good does not run again. */
function transitions(
  field: string,
  now: ContainerStatus[] = [],
  before: ContainerStatus[] = [],
  { spec }: Pod,
  list: (typeof lists)[number],
): Cause[] {
  if (list === 'ephemeralContainerStatuses') return [];
  const containers = list === 'containerStatuses' ? spec?.containers : spec?.initContainers;
  return before.flatMap(({ name, state }, i) => {
    const ended = state?.terminated;
    const next = now.find((status) => status.name === name);
    if (!ended || !next || next.state?.terminated) return [];
    const own = containers?.find((container) => container.name === name)?.restartPolicy;
    const policy = own ?? spec?.restartPolicy ?? 'Always';
    if (policy === 'Always' || (policy === 'OnFailure' && ended.exitCode !== 0)) return [];
    return [forbidden(`${field}[${i}].state`, 'may not be transitioned to non-terminated state')];
  });
}

function validClaims({ spec, status }: Pod): Cause[] {
  const seen = new Set<string>();
  return (status?.resourceClaimStatuses ?? []).flatMap(({ name, resourceClaimName: claim }, i) => {
    const at = `status.resourceClaimStatuses[${i}].name`;
    const causes: Cause[] = [];
    if (!spec?.resourceClaims?.some((c) => c.name === name)) {
      causes.push(invalidValue(at, name, 'must match the name of an entry in `spec.resourceClaims`'));
    }
    if (seen.has(name)) causes.push(duplicate(at, name));
    seen.add(name);
    if (claim !== undefined) addAll(causes, checked(at, claim, dns1123LabelProblems));
    return causes;
  });
}

function validHostIPs({ hostIP = '', hostIPs = [] }: PodStatus): Cause[] {
  const first = hostIPs[0]?.ip;
  const why = 'must be equal to `hostIP`';
  const causes =
    first === undefined || first === hostIP ? [] : [invalidValue('status.hostIPs[0].ip', first, why)];
  return [...causes, ...validIPs('status.hostIPs', 'IP', hostIPs)];
}

/** One for each family. */
function validIPs(field: string, shownKey: string, list: { ip: string }[]): Cause[] {
  const causes = list.flatMap(({ ip }, i) => legacyIP(`${field}[${i}]`, ip));
  if (list.length < 2) return causes;
  const wrong = list.findIndex(({ ip }, i) => legacyIP(`${i}`, ip).length > 0);
  if (wrong >= 0) {
    const message = `Internal error: failed to check for dual stack with error:invalid IP[${wrong}]: ${list[wrong]!.ip}`;
    causes.push({ reason: 'InternalError', message, field });
  }
  const six = list.filter(({ ip }) => isIPv6(ip)).length;
  if (wrong < 0 && list.length === 2 && six === 1) return causes;
  const shown = list.map(({ ip }) => ({ [shownKey]: ip }));
  return [...causes, invalidValue(field, shown, 'may specify no more than one IP for each IP family')];
}

const maxId = 2 ** 31 - 1;

function validUsers(field: string, statuses: ContainerStatus[], isWindows: boolean): Cause[] {
  return statuses.flatMap(({ user }, i) => {
    const at = `${field}[${i}].user.linux`;
    if (!user?.linux) return [];
    if (isWindows) return [forbidden(at, 'cannot be set for a windows pod')];
    const { uid, gid, supplementalGroups = [] } = user.linux;
    return [
      ...validId(`${at}.uid`, uid),
      ...validId(`${at}.gid`, gid),
      ...supplementalGroups.flatMap((id, j) => validId(`${at}.supplementalGroups[${j}]`, id)),
    ];
  });
}

const validId = (field: string, id: number): Cause[] =>
  id < 0 || id > maxId ? [invalidValue(field, id, `must be between 0 and ${maxId}, inclusive`)] : [];

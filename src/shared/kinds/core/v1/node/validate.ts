import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import type { Node, NodeAddress, Taint } from '../../../schema/types.ts';
import { duplicate, forbidden, invalidValue } from '../../../validation/causes.ts';
import { validCidr } from '../../../validation/ip.ts';
import { validJson } from '../../../validation/json.ts';
import { checked, oneOf } from '../../../validation/rules.ts';

export const validate = (node: Node, old?: Node): Cause[] => [
  ...validAvoidance(node.metadata.annotations?.[avoid]),
  // Kubernetes says metadata here, although taints are part of the spec.
  ...validTaints('metadata.taints', node.spec?.taints ?? []),
  ...validResources(node),
  ...validNetworks('spec.podCIDRs', node.spec?.podCIDRs ?? []),
  ...(old ? changes(node, old) : []),
];

export const validateStatus = (node: Node, old: Node): Cause[] => [
  ...validResources(node),
  ...changes(node, old),
];

const avoid = 'scheduler.alpha.kubernetes.io/preferAvoidPods';

const validAvoidance = (text: string | undefined): Cause[] =>
  text ? validJson('metadata.annotations.AvoidPods', avoid, text) : [];

function validResources({ status }: Node): Cause[] {
  const causes: Cause[] = [];
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(status?.[list] ?? {})) {
      if (compareQuantities(amount, '0') >= 0) continue;
      causes.push(invalidValue(`status.${list}.${name}`, amount, 'must be greater than or equal to 0'));
    }
  }
  return causes;
}

/** One for each family. */
function validNetworks(field: string, cidrs: string[]): Cause[] {
  const causes = cidrs.flatMap((cidr, i) => validCidr(`${field}[${i}]`, cidr));
  if (cidrs.length < 2 || causes.length > 0) return causes;
  const six = cidrs.filter((cidr) => cidr.includes(':')).length;
  if (cidrs.length === 2 && six === 1) return causes;
  return [invalidValue(field, cidrs, 'may specify no more than one CIDR for each IP family')];
}

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

function validTaints(field: string, taints: Taint[]): Cause[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, i) => {
    const at = `${field}[${i}]`;
    const { key, value = '', effect } = taint;
    const causes = checked(`${at}.key`, key, qualifiedNameProblems);
    const problems = labelValueProblems(value);
    if (problems.length > 0) causes.push(invalidValue(`${at}.value`, value, problems.join(';')));
    addAll(causes, oneOf(`${at}.effect`, effect, effects));
    if (seen.has(`${effect} ${key}`)) {
      const { field, ...rest } = duplicate(at, shownTaint(taint));
      causes.push({
        field,
        ...rest,
        message: `${rest.message}: taints must be unique by key and effect pair`,
      });
    }
    seen.add(`${effect} ${key}`);
    return causes;
  });
}

const shownTaint = ({ key, value = '', effect, timeAdded }: Taint) => ({
  Key: key,
  Value: value,
  Effect: effect,
  TimeAdded: timeAdded ?? null,
});

/** Set once, then kept: what others have built on. */
function changes(node: Node, old: Node): Cause[] {
  const causes: Cause[] = [];
  const addresses = new Set<string>();
  for (const [i, address] of (node.status?.addresses ?? []).entries()) {
    const text = addressText(address);
    if (addresses.has(text)) {
      const shown = { Type: address.type, Address: address.address };
      causes.push(duplicate(`status.addresses[${i}]`, shown));
    }
    addresses.add(text);
  }
  const cidrs = old.spec?.podCIDRs ?? [];
  if (cidrs.length > 0 && cidrs.join() !== (node.spec?.podCIDRs ?? []).join()) {
    causes.push(forbidden('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'));
  }
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    causes.push(
      forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid'),
    );
  }
  if ((node.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) {
    causes.push(forbidden('spec.externalID', 'may not be updated'));
  }
  return causes;
}

const addressText = ({ type, address }: NodeAddress): string => `${type} ${address}`;

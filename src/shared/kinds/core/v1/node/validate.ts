import type { Cause } from '../../../../errors/apiError.ts';
import { labelValueProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import type { Node, NodeAddress, Taint } from '../../../schema/types.ts';
import { duplicate, forbidden, invalidValue } from '../../../validation/causes.ts';
import { validCidr } from '../../../validation/ip.ts';
import { checked, oneOf } from '../../../validation/rules.ts';

export function validate(node: Node, old?: Node): Cause[] {
  const causes = old ? changes(node, old) : [];
  // Kubernetes says metadata here, although taints are part of the spec.
  causes.push(...validTaints('metadata.taints', node.spec?.taints ?? []));
  for (const list of ['capacity', 'allocatable'] as const) {
    for (const [name, amount] of Object.entries(node.status?.[list] ?? {})) {
      if (compareQuantities(amount, '0') >= 0) continue;
      causes.push(invalidValue(`status.${list}.${name}`, amount, 'must be greater than or equal to 0'));
    }
  }
  const cidrs = node.spec?.podCIDRs ?? [];
  causes.push(...cidrs.flatMap((cidr, i) => validCidr(`spec.podCIDRs[${i}]`, cidr)));
  return causes;
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
    causes.push(...oneOf(`${at}.effect`, effect, effects));
    if (seen.has(`${effect} ${key}`)) {
      const { field, ...rest } = duplicate(at, taint);
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

/** Set once, then kept: what others have built on. */
function changes(node: Node, old: Node): Cause[] {
  const causes: Cause[] = [];
  const addresses = new Set<string>();
  for (const [i, address] of (node.status?.addresses ?? []).entries()) {
    const text = addressText(address);
    if (addresses.has(text)) causes.push(duplicate(`status.addresses[${i}]`, address));
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
  return causes;
}

const addressText = ({ type, address }: NodeAddress): string => `${type} ${address}`;

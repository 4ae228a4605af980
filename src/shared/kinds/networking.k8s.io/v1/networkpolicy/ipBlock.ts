import type { Cause } from '../../../../errors/apiError.ts';
import type { IPBlock, NetworkPolicy } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { type Network, networkOf } from '../../../validation/cidr.ts';
import { validCidr } from '../../../validation/ip.ts';
import { withoutZeros } from '../../../validation/ipSyntax.ts';

/** Findings about a block of addresses. `kept` are networks of the stored object, which may stay as they are. */
export function validBlock(at: string, { cidr, except = [] }: IPBlock, kept: readonly string[]): Cause[] {
  if (!cidr) return [required(`${at}.cidr`)];
  const causes = validNetwork(`${at}.cidr`, cidr, kept);
  const whole = networkOf(withoutZeros(cidr));
  if (!whole) return causes;
  for (const [i, text] of except.entries()) {
    const field = `${at}.except[${i}]`;
    causes.push(...validNetwork(field, text, kept));
    const part = networkOf(withoutZeros(text));
    if (part && !isStrictlyInside(part, whole))
      causes.push(invalidValue(field, text, 'must be a strict subset of `cidr`'));
  }
  return causes;
}

/** Every network that a policy names. */
export const cidrsOf = ({ spec }: NetworkPolicy): string[] =>
  [...(spec?.ingress ?? []).map(({ from }) => from), ...(spec?.egress ?? []).map(({ to }) => to)]
    .flatMap((peers) => peers ?? [])
    .flatMap(({ ipBlock }) => (ipBlock ? [ipBlock.cidr, ...(ipBlock.except ?? [])] : []));

const validNetwork = (field: string, cidr: string, kept: readonly string[]): Cause[] =>
  kept.includes(cidr) || validCidr(field, withoutZeros(cidr)).length === 0 ? [] : validCidr(field, cidr);

const isStrictlyInside = (part: Network, whole: Network): boolean =>
  part.width === whole.width &&
  part.prefix > whole.prefix &&
  part.address >> BigInt(part.width - whole.prefix) === whole.address >> BigInt(whole.width - whole.prefix);

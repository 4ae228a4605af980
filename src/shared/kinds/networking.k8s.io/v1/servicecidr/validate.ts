import type { Cause } from '../../../../errors/apiError.ts';
import type { ServiceCIDR } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { networkOf } from '../../../validation/cidr.ts';
import { fieldImmutable } from '../../../validation/rules.ts';
import { strictCidr } from '../../../validation/strictIP.ts';

const field = 'spec.cidrs';

export const validate = ({ spec }: ServiceCIDR, old?: ServiceCIDR): Cause[] =>
  old ? changes(spec?.cidrs ?? [], old.spec?.cidrs ?? []) : validCidrs(spec?.cidrs ?? []);

function validCidrs(cidrs: readonly string[]): Cause[] {
  if (cidrs.length === 0) return [required(field, 'at least one CIDR required')];
  if (cidrs.length > 2) return [invalidValue(field, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const causes = cidrs.flatMap((cidr, i) => strictCidr(`${field}[${i}]`, cidr));
  const [first, second] = cidrs.map((cidr) => networkOf(cidr)?.width);
  if (first !== undefined && first === second) {
    const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
    causes.push(invalidValue(field, cidrs, why));
  }
  return causes;
}

/** A block stays; one of the other family may be added. */
function changes(cidrs: readonly string[], old: readonly string[]): Cause[] {
  const changed = old.flatMap((cidr, i) =>
    cidr === cidrs[i] ? [] : [invalidValue(`${field}[${i}]`, cidrs[i], fieldImmutable)],
  );
  if (cidrs.length === old.length) return changed;
  if (old.length === 1 && cidrs.length === 2) return [...changed, ...validCidrs(cidrs)];
  return [invalidValue(field, cidrs, fieldImmutable)];
}

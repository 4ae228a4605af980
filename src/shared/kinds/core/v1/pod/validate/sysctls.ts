import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { PodSpec, Sysctl } from '../../../../schema/types.ts';
import { duplicate, invalidValue, required } from '../../../../validation/causes.ts';

const pattern = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';
const name253 = new RegExp(pattern);
const hint = `must have at most 253 characters and match regex ${pattern}`;

/** Kernel parameters; those of a namespace that is the host's cannot be set. */
export function validSysctls(field: string, sysctls: Sysctl[], spec: PodSpec): Cause[] {
  const names = new Set<string>();
  return sysctls.flatMap(({ name }, i) => {
    const at = `${field}[${i}].name`;
    const causes: Cause[] = [];
    if (!name) causes.push(required(at));
    else if (name.length > 253 || !name253.test(name)) causes.push(invalidValue(at, name, hint));
    else if (names.has(name)) causes.push(duplicate(at, name));
    addAll(causes, ofHost(at, name, spec));
    names.add(name);
    return causes;
  });
}

/** Dots and slashes are the same in front. */
const ofNetwork = /^net[./]/;
const ofIpc = /^(kernel[./](shm|msg)|kernel[./]sem$|fs[./]mqueue[./])/;

function ofHost(at: string, name: string, { hostNetwork, hostIPC }: PodSpec): Cause[] {
  if (hostNetwork && ofNetwork.test(name)) {
    return [invalidValue(at, name, "may not be specified when 'hostNetwork' is true")];
  }
  return hostIPC && ofIpc.test(name)
    ? [invalidValue(at, name, "may not be specified when 'hostIPC' is true")]
    : [];
}

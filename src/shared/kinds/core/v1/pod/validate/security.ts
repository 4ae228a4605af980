import type { Cause } from '../../../../../errors/apiError.ts';
import type { PodSpec, SeccompProfile, SecurityContext } from '../../../../schema/types.ts';
import { invalidValue, notSupported, required } from '../../../../validation/causes.ts';

const maxInt32 = 2 ** 31 - 1;

export function validSecurity(field: string, context: SecurityContext | undefined): Cause[] {
  if (!context) return [];
  const causes = [
    ...validId(`${field}.runAsUser`, context.runAsUser),
    ...validId(`${field}.runAsGroup`, context.runAsGroup),
  ];
  const { procMount, privileged, capabilities } = context;
  if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked') {
    causes.push(notSupported(`${field}.procMount`, procMount, ['Default', 'Unmasked']));
  }
  causes.push(...validSeccomp(`${field}.seccompProfile`, context.seccompProfile));
  if (context.allowPrivilegeEscalation === false) {
    const against = (what: string) =>
      invalidValue(field, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
    if (privileged) causes.push(against('`privileged` to true'));
    if (capabilities?.add?.includes('CAP_SYS_ADMIN'))
      causes.push(against('`capabilities.Add` CAP_SYS_ADMIN'));
  }
  return causes;
}

export function validPodSecurity(
  field: string,
  { securityContext, shareProcessNamespace, hostPID }: PodSpec,
): Cause[] {
  const causes: Cause[] = [];
  if (shareProcessNamespace && hostPID) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    causes.push(invalidValue(`${field}.shareProcessNamespace`, true, why));
  }
  if (!securityContext) return causes;
  const { fsGroupChangePolicy: change, supplementalGroups = [] } = securityContext;
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'] as const) {
    causes.push(...validId(`${field}.${name}`, securityContext[name]));
  }
  causes.push(...supplementalGroups.flatMap((id, i) => validId(`${field}.supplementalGroups[${i}]`, id)));
  if (change !== undefined && change !== 'Always' && change !== 'OnRootMismatch') {
    causes.push(notSupported(`${field}.fsGroupChangePolicy`, change, ['Always', 'OnRootMismatch']));
  }
  return [...causes, ...validSeccomp(`${field}.seccompProfile`, securityContext.seccompProfile)];
}

const validId = (field: string, id: number | undefined): Cause[] =>
  id !== undefined && (id < 0 || id > maxInt32)
    ? [invalidValue(field, id, `must be between 0 and ${maxInt32}, inclusive`)]
    : [];

function validSeccomp(field: string, profile: SeccompProfile | undefined): Cause[] {
  if (!profile) return [];
  const { type, localhostProfile: file } = profile;
  const types = ['Localhost', 'RuntimeDefault', 'Unconfined'];
  const at = `${field}.localhostProfile`;
  if (!type) return [required(`${field}.type`, 'type is required when seccompProfile is set')];
  if (!types.includes(type)) return [notSupported(`${field}.type`, type, types)];
  if (type === 'Localhost' && !file) {
    return [required(at, 'must be set when seccomp type is Localhost')];
  }
  if (type !== 'Localhost' && file !== undefined) {
    return [invalidValue(at, file, 'can only be set when seccomp type is Localhost')];
  }
  return [];
}

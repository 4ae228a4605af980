import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import type { PodSpec, SecurityContext } from '../../../../schema/types.ts';
import { invalidValue, notSupported } from '../../../../validation/causes.ts';
import { validAppArmor, validSeccomp } from './profiles.ts';
import { validSysctls } from './sysctls.ts';
import { validWindowsOptions } from './windows.ts';

const maxInt32 = 2 ** 31 - 1;

/** @param hostUsers of the Pod; absent means true. */
export function validSecurity(
  field: string,
  context: SecurityContext | undefined,
  hostUsers: boolean | undefined,
): Cause[] {
  if (!context) return [];
  const causes = [
    ...validId(`${field}.runAsUser`, context.runAsUser),
    ...validId(`${field}.runAsGroup`, context.runAsGroup),
  ];
  const { procMount, privileged, capabilities } = context;
  if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked') {
    causes.push(notSupported(`${field}.procMount`, procMount, ['Default', 'Unmasked']));
  }
  if (procMount === 'Unmasked' && hostUsers !== false) {
    const why = '`hostUsers` must be false to use `Unmasked`';
    causes.push(invalidValue(`${field}.procMount`, procMount, why));
  }
  addAll(causes, validSeccomp(`${field}.seccompProfile`, context.seccompProfile));
  if (context.allowPrivilegeEscalation === false) {
    const against = (what: string) =>
      invalidValue(
        field,
        shownContext(context),
        `cannot set \`allowPrivilegeEscalation\` to false and ${what}`,
      );
    if (privileged) causes.push(against('`privileged` to true'));
    if (capabilities?.add?.includes('CAP_SYS_ADMIN'))
      causes.push(against('`capabilities.Add` CAP_SYS_ADMIN'));
  }
  addAll(causes, validWindowsOptions(`${field}.windowsOptions`, context.windowsOptions));
  return [...causes, ...validAppArmor(`${field}.appArmorProfile`, context.appArmorProfile)];
}

/** Returns what is wrong with the security context of a Pod and with the namespaces that it shares. */
export function validPodSecurity(field: string, spec: PodSpec): Cause[] {
  const { securityContext: context, shareProcessNamespace, hostPID } = spec;
  const causes: Cause[] = [];
  for (const name of ['fsGroup', 'runAsUser', 'runAsGroup'] as const) {
    addAll(causes, validId(`${field}.${name}`, context?.[name]));
  }
  const groups = context?.supplementalGroups ?? [];
  addAll(
    causes,
    groups.flatMap((id, i) => validId(`${field}.supplementalGroups[${i}]`, id)),
  );
  if (shareProcessNamespace && hostPID) {
    const why = 'ShareProcessNamespace and HostPID cannot both be enabled';
    causes.push(invalidValue(`${field}.shareProcessNamespace`, true, why));
  }
  if (!context) return causes;
  addAll(
    causes,
    validSysctls(`${field}.sysctls`, context.sysctls ?? [], spec),
    oneOfOrAbsent(`${field}.fsGroupChangePolicy`, context.fsGroupChangePolicy, ['Always', 'OnRootMismatch']),
    validSeccomp(`${field}.seccompProfile`, context.seccompProfile),
    validWindowsOptions(`${field}.windowsOptions`, context.windowsOptions),
    validAppArmor(`${field}.appArmorProfile`, context.appArmorProfile),
    oneOfOrAbsent(`${field}.supplementalGroupsPolicy`, context.supplementalGroupsPolicy, ['Merge', 'Strict']),
    oneOfOrAbsent(`${field}.seLinuxChangePolicy`, context.seLinuxChangePolicy, ['Recursive']),
  );
  return causes;
}

const oneOfOrAbsent = (field: string, value: string | undefined, supported: string[]): Cause[] =>
  value === undefined || supported.includes(value) ? [] : [notSupported(field, value, supported)];

const validId = (field: string, id: number | undefined): Cause[] =>
  id !== undefined && (id < 0 || id > maxInt32)
    ? [invalidValue(field, id, `must be between 0 and ${maxInt32}, inclusive`)]
    : [];

/** As Kubernetes shows it: under the names that its own code has for the fields, the absent ones too. */
const shownContext = (context: SecurityContext) => ({
  Capabilities: shownFields(context.capabilities, ['add', 'drop']),
  Privileged: context.privileged ?? null,
  SELinuxOptions: shownFields(context.seLinuxOptions, ['user', 'role', 'type', 'level'], ''),
  WindowsOptions: shownFields(context.windowsOptions, [
    'gmsaCredentialSpecName',
    'gmsaCredentialSpec',
    'runAsUserName',
    'hostProcess',
  ]),
  RunAsUser: context.runAsUser ?? null,
  RunAsGroup: context.runAsGroup ?? null,
  RunAsNonRoot: context.runAsNonRoot ?? null,
  ReadOnlyRootFilesystem: context.readOnlyRootFilesystem ?? null,
  AllowPrivilegeEscalation: context.allowPrivilegeEscalation ?? null,
  ProcMount: context.procMount ?? null,
  SeccompProfile: shownFields(context.seccompProfile, ['type', 'localhostProfile']),
  AppArmorProfile: shownFields(context.appArmorProfile, ['type', 'localhostProfile']),
});

const capital = (name: string) =>
  name.startsWith('gmsa') ? `GMSA${name.slice(4)}` : name[0]!.toUpperCase() + name.slice(1);

const shownFields = (object: object | undefined, names: string[], absent: unknown = null) =>
  object
    ? Object.fromEntries(names.map((n) => [capital(n), (object as Record<string, unknown>)[n] ?? absent]))
    : null;

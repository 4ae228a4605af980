/** Is what is accepted of a Pod or a template and yet worth a word, in the words of Kubernetes. */
import { ownValue, table } from '../../../../../meta/table.ts';
import type { ObjectMeta, PodSpec } from '../../../../schema/types.ts';
import { legacyIPWarnings } from '../../../../validation/legacyIP.ts';
import { containersOf } from '../validate/os.ts';
import { containerWarnings, fractional, seccompWarning } from './containers.ts';
import { labelWarnings } from './nodeLabels.ts';
import { portWarnings } from './ports.ts';
import { volumeWarnings } from './volumes.ts';

/** @param at `` for a Pod, `spec.template.` for a template. */
export function podWarnings(at: string, metadata: ObjectMeta = {}, spec: PodSpec | undefined): string[] {
  if (!spec) return [];
  const field = `${at}spec`;
  const containers = containersOf(field, spec);
  return [
    ...labelWarnings(field, spec),
    ...annotationWarnings(at, metadata),
    ...volumeWarnings(field, spec.volumes ?? []),
    ...repeated(`${field}.hostAliases`, 'ip', spec.hostAliases ?? []),
    ...pullSecretWarnings(`${field}.imagePullSecrets`, spec),
    ...fractional(`${field}.overhead`, spec.overhead),
    ...seccompWarning(at, '', 'seccomp.security.alpha.kubernetes.io/pod', metadata, spec.securityContext),
    ...containerWarnings(at, metadata, containers),
    ...portWarnings(containers),
    ...graceWarnings(field, spec),
    ...affinityWarnings(`${field}.affinity`, spec),
    ...addressWarnings(field, spec),
  ];
}

const outdated: Record<string, string> = table({
  'scheduler.alpha.kubernetes.io/critical-pod':
    'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
});

const annotationWarnings = (at: string, { annotations }: ObjectMeta): string[] =>
  annotations
    ? Object.entries(outdated)
        .filter(([key]) => ownValue(annotations, key) !== undefined)
        .map(([key, why]) => `${at}metadata.annotations[${key}]: ${why}`)
    : [];

function repeated<K extends string>(field: string, key: K, items: Partial<Record<K, string>>[]): string[] {
  if (items.length < 2) return [];
  const seen = new Set<string>();
  return items.flatMap((item, i) => {
    const value = item[key] ?? '';
    if (seen.has(value)) return [`${field}[${i}].${key}: duplicate ${key} ${JSON.stringify(value)}`];
    seen.add(value);
    return [];
  });
}

const pullSecretWarnings = (field: string, { imagePullSecrets: secrets = [] }: PodSpec): string[] => [
  ...repeated(field, 'name', secrets),
  ...secrets.flatMap(({ name }, i) => (name ? [] : [`${field}[${i}].name: invalid empty name ""`])),
];

const graceWarnings = (field: string, { terminationGracePeriodSeconds: grace = 0 }: PodSpec): string[] =>
  grace < 0
    ? [
        `${field}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
      ]
    : [];

const matchesNothing = (field: string) => `${field}: a null labelSelector results in matching no pod`;

function affinityWarnings(field: string, { affinity }: PodSpec): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((side) => {
    const terms = affinity?.[side];
    const at = `${field}.${side}`;
    return [
      ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []).flatMap((term, i) => {
        const where = `${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`;
        return term.labelSelector ? [] : [matchesNothing(`${where}.labelSelector`)];
      }),
      ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ podAffinityTerm }, i) => {
        const where = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`;
        return podAffinityTerm?.labelSelector ? [] : [matchesNothing(`${where}.labelSelector`)];
      }),
    ];
  });
}

const addressWarnings = (field: string, { dnsConfig, hostAliases = [] }: PodSpec): string[] => [
  ...(dnsConfig?.nameservers ?? []).flatMap((ip, i) =>
    legacyIPWarnings(`${field}.dnsConfig.nameservers[${i}]`, ip),
  ),
  ...hostAliases.flatMap(({ ip }, i) => legacyIPWarnings(`${field}.hostAliases[${i}].ip`, ip)),
];

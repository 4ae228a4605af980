/** Says which checks a level has, in which minor version of the policy. */
import * as baseline from './baseline.ts';
import * as restricted from './restricted.ts';
import type { Check, Checked, Violation } from './words.ts';

/** From which minor version on which check counts. */
type Versions = readonly (readonly [since: number, check: Check])[];

/** Pods of Windows are judged by their validation alone. */
const unlessWindows =
  (check: Check): Check =>
  (pod) =>
    pod.spec.os?.name === 'windows' ? undefined : check(pod);

/** Who is root in such a Pod is nobody outside of it. */
const unlessInUserNamespace =
  (check: Check): Check =>
  (pod) =>
    pod.spec.hostUsers === false ? undefined : check(pod);

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const sysctls27 = [...safeSysctls, 'net.ipv4.ip_local_reserved_ports'];
const sysctls29 = [
  ...sysctls27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const sysctls32 = [...sysctls29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];
const seLinuxTypes = ['container_t', 'container_init_t', 'container_kvm_t'];

/** In the order in which violations are told. */
const baselineChecks: readonly (readonly [id: string, versions: Versions])[] = [
  ['appArmorProfile', [[0, baseline.appArmorProfile]]],
  ['capabilities_baseline', [[0, baseline.capabilitiesBaseline]]],
  ['hostNamespaces', [[0, baseline.hostNamespaces]]],
  ['hostPathVolumes', [[0, baseline.hostPathVolumes]]],
  ['hostPorts', [[0, baseline.hostPorts]]],
  ['hostProbesAndHostLifecycle', [[34, baseline.hostProbes]]],
  ['privileged', [[0, baseline.privileged]]],
  [
    'procMount',
    [
      [0, baseline.procMount],
      [35, unlessInUserNamespace(baseline.procMount)],
    ],
  ],
  [
    'seLinuxOptions',
    [
      [0, baseline.seLinuxOptions(...seLinuxTypes)],
      [31, baseline.seLinuxOptions(...seLinuxTypes, 'container_engine_t')],
    ],
  ],
  [
    'seccompProfile_baseline',
    [
      [0, baseline.seccompAnnotations],
      [19, baseline.seccompBaseline],
    ],
  ],
  [
    'sysctls',
    [
      [0, baseline.sysctls(...safeSysctls)],
      [27, baseline.sysctls(...sysctls27)],
      [29, baseline.sysctls(...sysctls29)],
      [32, baseline.sysctls(...sysctls32)],
    ],
  ],
  ['windowsHostProcess', [[0, baseline.windowsHostProcess]]],
];

/** `instead`: the check of `baseline` that it stands in for. */
const restrictedChecks: readonly (readonly [id: string, versions: Versions, instead?: string])[] = [
  [
    'allowPrivilegeEscalation',
    [
      [8, restricted.allowPrivilegeEscalation],
      [25, unlessWindows(restricted.allowPrivilegeEscalation)],
    ],
  ],
  [
    'capabilities_restricted',
    [
      [22, restricted.capabilitiesRestricted],
      [25, unlessWindows(restricted.capabilitiesRestricted)],
    ],
    'capabilities_baseline',
  ],
  ['procMount_restricted', [[35, baseline.procMount]], 'procMount'],
  ['restrictedVolumes', [[0, restricted.restrictedVolumes]], 'hostPathVolumes'],
  [
    'runAsNonRoot',
    [
      [0, restricted.runAsNonRoot],
      [35, unlessInUserNamespace(restricted.runAsNonRoot)],
    ],
  ],
  [
    'runAsUser',
    [
      [23, restricted.runAsUser],
      [35, unlessInUserNamespace(restricted.runAsUser)],
    ],
  ],
  [
    'seccompProfile_restricted',
    [
      [19, restricted.seccompRestricted],
      [25, unlessWindows(restricted.seccompRestricted)],
    ],
    'seccompProfile_baseline',
  ],
];

export type Level = 'privileged' | 'baseline' | 'restricted';

/** A level of a minor version; undefined is the latest. */
export interface LevelVersion {
  level: Level;
  minor: number | undefined;
}

const latest = 35;

const inForce = (versions: Versions, minor: number): Check | undefined =>
  versions.findLast(([since]) => since <= minor)?.[1];

/** Everything that keeps a Pod from a level. */
export function violations({ level, minor = latest }: LevelVersion, pod: Checked): Violation[] {
  if (level === 'privileged') return [];
  const further = restrictedChecks.flatMap(([, versions, instead]) => {
    const check = level === 'restricted' ? inForce(versions, minor) : undefined;
    return check ? [{ check, instead }] : [];
  });
  const replaced = new Set(further.map(({ instead }) => instead));
  const checks = [
    ...baselineChecks.flatMap(([id, versions]) => (replaced.has(id) ? [] : (inForce(versions, minor) ?? []))),
    ...further.map(({ check }) => check),
  ];
  return checks.flatMap((check) => check(pod) ?? []);
}

/** The violations in one sentence, with what they are about. */
export const detailOf = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');

/** `restricted:latest` */
export const levelText = ({ level, minor }: LevelVersion): string =>
  `${level}:${minor === undefined ? 'latest' : `v1.${minor}`}`;

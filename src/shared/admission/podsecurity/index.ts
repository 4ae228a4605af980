import { invalid } from '../../errors/common.ts';
import { resourceName } from '../../kinds/kind.ts';
import type {
  CronJob,
  Deployment,
  Namespace,
  Pod,
  PodTemplate,
  PodTemplateSpec,
} from '../../kinds/schema/types.ts';
import { isComing } from '../../meta/soon.ts';
import type { Stored } from '../../ports/storage.ts';
import { namespaceRead } from '../namespaceRead.ts';
import type { AdmissionOptions } from '../options.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import { refused } from '../refuse.ts';
import { detailOf, type LevelVersion, levelText, violations } from './checks.ts';
import { existingWarnings } from './existing.ts';
import { isOpen, isSameLevel, type Policy, policyOf, strictness } from './policy.ts';
import { isSignificant } from './significant.ts';
import type { Checked } from './words.ts';

const withTemplates = [
  'podtemplates',
  'replicationcontrollers',
  'replicasets.apps',
  'deployments.apps',
  'daemonsets.apps',
  'statefulsets.apps',
  'jobs.batch',
  'cronjobs.batch',
];
const prefix = 'pod-security.kubernetes.io/';

/** Pods are held to the level that the labels of their namespace name; who writes a template is told beforehand. */
export const podSecurity = ({ storage, clock }: AdmissionOptions): AdmissionPlugin => ({
  name: 'PodSecurity',
  resources: ['namespaces', 'pods', 'pods/ephemeralcontainers', 'pods/resize', ...withTemplates],
  operations: ['CREATE', 'UPDATE'],

  validate: (admission) => {
    const { kind, object, old } = admission;
    if (!object) return;
    if (kind.plural === 'namespaces') return warnOfNamespace(admission, { storage, clock });
    const pod = kind.plural === 'pods' ? (object as unknown as Pod) : undefined;
    if (pod && old && !isSignificant(pod, old as unknown as Pod)) return;
    const checked = pod ? checkedOf(pod) : templateOf(admission);
    if (!checked) return;
    const found = namespaceRead(storage, admission);
    if (isComing(found)) return found.then((read) => hold(admission, read, checked, !!pod));
    hold(admission, found, checked, !!pod);
  },
});

async function warnOfNamespace(
  admission: Admission,
  options: Pick<AdmissionOptions, 'storage' | 'clock'>,
): Promise<void> {
  for (const warning of await namespaceWarnings(admission, options)) admission.warn(warning);
}

/** Holds an object to the level of its namespace. */
function hold(admission: Admission, namespace: Stored | undefined, checked: Checked, isPod: boolean): void {
  const { policy, causes } = policyOf(namespace?.index.labels);
  if (causes.length === 0 && isOpen(policy)) return;
  if (causes.length > 0) {
    const why = causes.map(({ field, message }) => `${field}: ${message}`).join(', ');
    admission.annotate(`${prefix}error`, `Failed to parse policy: ${causes.length > 1 ? `[${why}]` : why}`);
  }
  judge(admission, policy, checked, isPod);
}

const checkedOf = ({ metadata = {}, spec }: Pick<PodTemplateSpec, 'metadata' | 'spec'>): Checked => ({
  metadata,
  spec: spec ?? { containers: [] },
});

function templateOf({ kind, object }: Admission): Checked | undefined {
  const template =
    kind.plural === 'podtemplates'
      ? (object as unknown as PodTemplate).template
      : resourceName(kind) === 'cronjobs.batch'
        ? (object as unknown as CronJob).spec?.jobTemplate.spec?.template
        : (object as unknown as Deployment).spec?.template;
  return template && checkedOf(template);
}

/** Throws Forbidden for a Pod that does not meet the level of its namespace. */
function judge(admission: Admission, policy: Policy, checked: Checked, isPod: boolean): void {
  const { kind, name, object } = admission;
  const against = (level: LevelVersion) => {
    const found = violations(level, checked);
    return found.length > 0
      ? `violate PodSecurity ${JSON.stringify(levelText(level))}: ${detailOf(found)}`
      : undefined;
  };
  const audited = against(policy.audit);
  if (audited) admission.annotate(`${prefix}audit-violations`, `would ${audited}`);
  if (isPod) {
    admission.annotate(`${prefix}enforce-policy`, levelText(policy.enforce));
    const forbidden = against(policy.enforce);
    if (forbidden)
      throw refused(kind, name || (object?.metadata.name ?? ''), forbidden.replace('violate', 'violates'));
  }
  const warned = against(policy.warn);
  if (warned) admission.warn(`would ${warned}`);
}

/** Labels that cannot be read are refused unless they were there before. Throws Invalid. */
async function namespaceWarnings(
  { operation, cluster, subresource, object, old }: Admission,
  { storage, clock }: Pick<AdmissionOptions, 'storage' | 'clock'>,
): Promise<string[]> {
  if (subresource) return [];
  const { metadata } = object as unknown as Namespace;
  const { policy, causes } = policyOf(metadata.labels);
  const before = policyOf((old as unknown as Namespace | undefined)?.metadata.labels);
  const isNew = operation === 'CREATE' || JSON.stringify(causes) !== JSON.stringify(before.causes);
  if (causes.length > 0 && isNew) throw invalid('Namespace', '', metadata.name ?? '', causes);
  const { enforce } = policy;
  const { enforce: was } = before.policy;
  const isLaxer = enforce.minor === was.minor && strictness(enforce.level) <= strictness(was.level);
  if (operation === 'CREATE' || isSameLevel(enforce, was) || enforce.level === 'privileged' || isLaxer)
    return [];
  return existingWarnings({ storage, clock, cluster, namespace: metadata.name ?? '' }, enforce);
}

/** Is what Kubernetes 1.35 serves and does only when it is asked to, in the words of kube-apiserver's flags. */
import { mutatingAdmissionPolicy as olderPolicy } from './admissionregistration.k8s.io/v1alpha1/mutatingadmissionpolicy/index.ts';
import { mutatingAdmissionPolicyBinding as olderBinding } from './admissionregistration.k8s.io/v1alpha1/mutatingadmissionpolicybinding/index.ts';
import { mutatingAdmissionPolicy } from './admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicy/index.ts';
import { mutatingAdmissionPolicyBinding } from './admissionregistration.k8s.io/v1beta1/mutatingadmissionpolicybinding/index.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { kinds } from './registry.ts';

/** Kinds of versions that are off, by `--runtime-config`. */
export const offByDefault = [
  mutatingAdmissionPolicy,
  mutatingAdmissionPolicyBinding,
  olderPolicy,
  olderBinding,
] as unknown as readonly Kind[];

/** Describes what was asked for. */
export interface Features {
  /** Every kind that is served. */
  readonly kinds: readonly Kind[];
  /** Says whether MutatingAdmissionPolicies change requests. */
  readonly mutatingAdmissionPolicy: boolean;
}

/** Nothing beyond what is on by itself. */
export const usualFeatures: Features = { kinds, mutatingAdmissionPolicy: false };

/** Items of `--feature-gates` and of `--runtime-config`, each `NAME=BOOL`; a version alone is on. */
export interface AskedFeatures {
  readonly gates: readonly string[];
  readonly versions: readonly string[];
}

/** Those that mean something here. */
export const knownAmong = ({ gates, versions }: AskedFeatures): AskedFeatures => ({
  gates: gates.filter((item) => isGate(nameOf(item))),
  versions: versions.filter((item) => isVersion(nameOf(item))),
});

/** Throws an Error that says what to change. */
export function featuresOf({ gates, versions }: AskedFeatures): Features {
  const isOn = (gate: string) => switchIn('--feature-gates', gates, gate);
  for (const name of gates.map(nameOf))
    if (!isGate(name)) throw new Error(`--feature-gates: unrecognized feature gate: ${name}`);
  const wanted = (kind: Kind) =>
    wantedNames(kind).map((name) => switchIn('--runtime-config', versions, name));
  for (const name of versions.map(nameOf))
    if (!isVersion(name)) throw new Error(`--runtime-config: ${name} is not a version that is off`);
  const further = offByDefault.filter((kind) => wanted(kind).find((on) => on !== undefined) === true);
  return {
    kinds: further.length > 0 ? [...kinds, ...further] : kinds,
    mutatingAdmissionPolicy: isOn('MutatingAdmissionPolicy') ?? isOn('AllBeta') ?? false,
  };
}

const isGate = (name: string): boolean => ['MutatingAdmissionPolicy', 'AllBeta'].includes(name);
const isVersion = (name: string): boolean => offByDefault.some((kind) => wantedNames(kind).includes(name));

/** The names under which a kind is switched, the most precise first. */
function wantedNames(kind: Kind): string[] {
  const version = apiVersionOf(kind);
  const stage = kind.version.includes('beta') ? 'api/beta' : 'api/alpha';
  return [`${version}/${kind.plural}`, version, stage, 'api/all'];
}

const nameOf = (item: string): string => item.split('=')[0]!.trim();

/** Returns what the last item of a name says; undefined when none does. */
function switchIn(flag: string, items: readonly string[], name: string): boolean | undefined {
  const item = items.findLast((own) => nameOf(own) === name);
  if (item === undefined) return undefined;
  const value = item.includes('=') ? item.slice(item.indexOf('=') + 1).trim() : '';
  if (value === '' && flag === '--runtime-config') return true;
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(value)) return false;
  throw new Error(`${flag}: invalid value of ${name}=${value}`);
}

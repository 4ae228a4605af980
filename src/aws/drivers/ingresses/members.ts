import { ApiError } from '../../../shared/errors/apiError.ts';
import { invalid } from '../../../shared/errors/common.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import type { IngressEndpoints, IngressMember } from '../../../shared/ports/cloud.ts';
import type { Annotations } from '../loadBalancers/annotations.ts';
import type { BackendAction } from './actions.ts';
import { isOfBalancer } from './annotations.ts';
import { labelOf } from './backendNames.ts';
import { type BackendSettings, backendSettings } from './backends.ts';
import type { Certificates } from './discovery.ts';
import { type Merged, merge } from './merge.ts';
import { type BackendRule, defaultOf, rulesOf } from './rules.ts';
import { annotationsOf, type Settings, settingsOf } from './settings.ts';

/** An Ingress as it is understood. */
export interface Member {
  ingress: Ingress;
  /** `namespace/name`. */
  label: string;
  settings: Settings;
  rules: BackendRule[];
  otherwise?: BackendAction;
  backends: (IngressEndpoints & { settings: BackendSettings })[];
}

/** Those that can stand together, in the order of their rules, and why others cannot, by UID. */
export interface Joined {
  members: Member[];
  /** Absent when nothing is to change. */
  merged?: Merged;
  refused: Map<string, ApiError>;
}

/**
 * Who was there first has the say: from the oldest on, each Ingress joins those before it if it can stand beside them.
 * One that could not is asked again when others have joined, which may listen where it redirects to. Of one that has a
 * fault of its own and is served, what it says of the load balancer still counts: that it is internal, for instance. Pure.
 */
export function join(all: IngressMember[], certificates: Certificates): Joined {
  const understood = all.map((one) => memberOf(one, certificates));
  const faulty = understood.filter(({ a }) => a.causes.length > 0);
  const faults = new Map(faulty.map((m) => [uidOf(m), refusal(m, m.a)]));
  const unclear = faulty.find(({ a, isServed }) => isServed && isOfBalancer(a));
  if (unclear) return { members: [], refused: new Map([...waiting(all, unclear), ...faults]) };
  const { members, merged, refused } = joinAll(
    understood
      .filter((m) => !faults.has(uidOf(m)) || m.isServed)
      .map((m) => (faults.has(uidOf(m)) ? muted(m) : m)),
  );
  const speaking = members.some((m) => !faults.has(uidOf(m)));
  return { members, ...(speaking && { merged }), refused: new Map([...refused, ...faults]) };
}

function joinAll(candidates: Member[]): Joined {
  const refused: Joined['refused'] = new Map();
  let members: Member[] = [];
  let merged: Merged | undefined;
  const joins = (candidate: Member) => {
    const together = candidates.filter((m) => m === candidate || members.includes(m));
    const a = annotationsOf(candidate.ingress);
    const found = merge(a, together);
    if (a.causes.length > 0) {
      refused.set(uidOf(candidate), refusal(candidate, a));
      return false;
    }
    refused.delete(uidOf(candidate));
    [members, merged] = [together, found];
    return true;
  };
  let left = candidates.toSorted(byAge);
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((candidate) => !joins(candidate));
  }
  return { members, merged, refused };
}

/** Leads nowhere, and says of the load balancer what it said. */
const muted = (member: Member): Member => ({ ...member, rules: [], otherwise: undefined, backends: [] });

const waiting = (all: IngressMember[], { label }: Member) =>
  all.map(({ ingress }): [string, ApiError] => [
    ingress.metadata.uid ?? '',
    new ApiError('Invalid', `the group waits for the Ingress ${label}, whose annotations cannot be honoured`),
  ]);

const refusal = ({ ingress }: Member, { causes }: Annotations) =>
  invalid('Ingress', 'networking.k8s.io', ingress.metadata.name ?? '', causes);

/** `a` has each field and annotation that cannot be honoured. */
function memberOf(
  { ingress, backends, isServed }: IngressMember,
  certificates: Certificates,
): Member & { a: Annotations; isServed: boolean } {
  const a = annotationsOf(ingress);
  return {
    ingress,
    isServed,
    label: labelOf(ingress),
    a,
    settings: settingsOf(a, ingress, certificates),
    rules: rulesOf(a, ingress),
    otherwise: defaultOf(a, ingress),
    backends: backends.map((b) => ({ ...b, settings: backendSettings(ingress, b, a.causes) })),
  };
}

const uidOf = ({ ingress }: Member) => ingress.metadata.uid ?? '';

function byAge(a: Member, b: Member): number {
  const key = ({ ingress, label }: Member) => `${ingress.metadata.creationTimestamp ?? ''} ${label}`;
  return key(a) < key(b) ? -1 : 1;
}

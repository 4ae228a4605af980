import type { ApiError } from '../../../errors/apiError.ts';
import { invalid } from '../../../errors/common.ts';
import type { Ingress } from '../../../kinds/schema/types.ts';
import type { BackendAction } from '../../ingressActions.ts';
import type { IngressEndpoints, IngressMember } from '../../provider.ts';
import type { Annotations } from '../loadBalancers/annotations.ts';
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
  /** Absent when none can. */
  merged?: Merged;
  refused: Map<string, ApiError>;
}

/**
 * Who was there first has the say: from the oldest on, each Ingress joins those before it if it can stand beside them.
 * One that could not is asked again when others have joined, which may listen where it redirects to. Pure.
 */
export function join(all: IngressMember[], certificates: Certificates): Joined {
  const refused: Joined['refused'] = new Map();
  const understood = all.map((one) => memberOf(one, certificates));
  let members: Member[] = [];
  let merged: Merged | undefined;
  const joins = (candidate: Member) => {
    const together = understood.filter((m) => m === candidate || members.includes(m));
    const a = annotationsOf(candidate.ingress);
    const found = merge(a, together);
    if (hasCauses(a, candidate.ingress, refused)) return false;
    [members, merged] = [together, found];
    return true;
  };
  let waiting = understood.filter(({ a, ingress }) => !hasCauses(a, ingress, refused)).sort(byAge);
  for (let before = -1; before !== waiting.length; ) {
    before = waiting.length;
    waiting = waiting.filter((candidate) => !joins(candidate));
  }
  return { members, merged, refused };
}

/** Whether something cannot be honoured, which `refused` then says. */
function hasCauses({ causes }: Annotations, { metadata }: Ingress, refused: Joined['refused']): boolean {
  const { uid = '', name = '' } = metadata;
  if (causes.length === 0) refused.delete(uid);
  else refused.set(uid, invalid('Ingress', 'networking.k8s.io', name, causes));
  return causes.length > 0;
}

/** `a` has each field and annotation that cannot be honoured. */
function memberOf(
  { ingress, backends }: IngressMember,
  certificates: Certificates,
): Member & { a: Annotations } {
  const a = annotationsOf(ingress);
  return {
    ingress,
    label: labelOf(ingress),
    a,
    settings: settingsOf(a, ingress, certificates),
    rules: rulesOf(a, ingress),
    otherwise: defaultOf(a, ingress),
    backends: backends.map((b) => ({ ...b, settings: backendSettings(ingress, b, a.causes) })),
  };
}

const labelOf = ({ metadata: { namespace, name } }: Ingress) => `${namespace}/${name}`;

function byAge(a: Member, b: Member): number {
  const key = ({ ingress, label }: Member) => `${ingress.metadata.creationTimestamp ?? ''} ${label}`;
  return key(a) < key(b) ? -1 : 1;
}

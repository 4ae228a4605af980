import { suffixAlphabet } from '../../clock/ids.ts';
import type { ControllerRevision, PodTemplateSpec } from '../../kinds/schema/types.ts';
import { fnv1a } from '../../meta/fnv1a.ts';
import { exactInteger } from '../../meta/integers.ts';
import { controllerReference, type KubeObject } from '../../meta/object.ts';
import { canonical, sorted } from '../common/hash.ts';

/** Is what Pods, and the ControllerRevision, say of the template that they are of. */
export const revisionLabel = 'controller-revision-hash';
/** Names, on a ControllerRevision, the hash of the template in it. */
export const hashLabel = 'controller.kubernetes.io/hash';

/** An object whose templates are kept as ControllerRevisions, for a rollback. */
export interface Versioned extends KubeObject {
  apiVersion: string;
  kind: string;
  template: PodTemplateSpec;
  collisionCount: number;
}

/** Is the history of an object's templates, and what has to change in it for the current template. */
export interface Revisions {
  /** Those that there are, oldest first. */
  all: ControllerRevision[];
  /** The revision of the current template. */
  update: ControllerRevision;
  /** Says whether `update` has to be made, or to be made the newest again. */
  change?: 'create' | 'renumber';
}

/** The revision of the template: one that there is, perhaps from long ago, or a new one. */
export function revisionsOf(owner: Versioned, found: ControllerRevision[]): Revisions {
  const all = [...found].sort(byAge);
  const wanted = canonical(dataOf(owner.template));
  const next = exactInteger(BigInt(all.at(-1)?.revision ?? 0) + 1n);
  const equal = all.findLast(({ data }) => canonical(data) === wanted);
  if (!equal) return { all, update: newRevision(owner, next), change: 'create' };
  if (equal === all.at(-1)) return { all, update: equal };
  return { all, update: { ...equal, revision: next }, change: 'renumber' };
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

/** Revisions beyond the limit that no Pod is of; the oldest go. */
export function surplusRevisions(
  all: ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
): ControllerRevision[] {
  const history = all.filter(({ metadata }) => !live.has(metadata.name ?? ''));
  return limit < 0 ? [] : history.slice(0, Math.max(0, history.length - limit));
}

/**
 * A patch that puts the template back, as `kubectl rollout undo` sends it. Clients compare it byte by byte with what
 * they would write, whose keys are in order.
 */
const dataOf = (template: PodTemplateSpec) =>
  sorted({ spec: { template: { ...template, $patch: 'replace' } } });

function newRevision(owner: Versioned, revision: number): ControllerRevision {
  const { template, metadata, collisionCount } = owner;
  const data = dataOf(template);
  const hash = [...String(fnv1a(`${canonical(data)}/${collisionCount || ''}`))]
    .map((digit) => suffixAlphabet[digit.charCodeAt(0) % suffixAlphabet.length])
    .join('');
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${metadata.name?.slice(0, 223)}-${hash}`,
      namespace: metadata.namespace ?? '',
      labels: { ...template.metadata?.labels, [hashLabel]: hash, [revisionLabel]: hash },
      annotations: { ...metadata.annotations },
      ownerReferences: [controllerReference(owner)],
    },
    data: data as ControllerRevision['data'] & object,
    revision,
  };
}

/** Returns the hash of the template in a revision; empty when the label is missing. */
export const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[hashLabel] ?? '';

const byAge = (a: ControllerRevision, b: ControllerRevision): number =>
  (a.revision < b.revision ? -1 : a.revision > b.revision ? 1 : 0) ||
  compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
  compare(a.metadata.name, b.metadata.name);

const compare = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

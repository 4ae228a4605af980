import type { KubeObject } from '../../../shared/meta/object.ts';

/** Says which of two came first, as Gateway API tells it: by time, then by name. */
export const ageOf = ({ metadata: { creationTimestamp = '', namespace, name } }: KubeObject): string =>
  `${creationTimestamp} ${namespace}/${name}`;

/** Sorts what is older before what is younger. */
export function byAge(a: KubeObject, b: KubeObject): number {
  const [x, y] = [ageOf(a), ageOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

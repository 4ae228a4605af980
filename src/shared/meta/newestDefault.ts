import type { KubeObject } from './object.ts';

/** The class that says by `annotation` that it is the default: of several the newest, of one second's the first by name. */
export const newestDefault = <T extends Pick<KubeObject, 'metadata'>>(
  classes: readonly T[],
  annotation: string,
): T | undefined =>
  classes.filter(({ metadata }) => metadata.annotations?.[annotation] === 'true').sort(newestFirst)[0];

const newestFirst = (
  { metadata: a }: Pick<KubeObject, 'metadata'>,
  { metadata: b }: Pick<KubeObject, 'metadata'>,
): number =>
  (b.creationTimestamp ?? '').localeCompare(a.creationTimestamp ?? '') ||
  ((a.name ?? '') < (b.name ?? '') ? -1 : 1);

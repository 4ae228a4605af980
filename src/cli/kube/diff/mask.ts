import type { KubeObject } from '../objects.ts';

type Data = Record<string, unknown>;

const [same, before, after] = ['***', '*** (before)', '*** (after)'];
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Two states of a Secret, of which only shows what differs, and no value: neither in its data nor in the annotation that
 * repeats what was applied.
 */
export function masked(
  live: KubeObject | undefined,
  merged: KubeObject,
): [live: KubeObject | undefined, merged: KubeObject] {
  return [live && hidden(live, merged, before), hidden(merged, live, after)];
}

function hidden(object: KubeObject, other: KubeObject | undefined, changed: string): KubeObject {
  const hide = (data: Data, others: Data = {}) =>
    Object.fromEntries(
      Object.keys(data).map((key) => [
        key,
        Object.hasOwn(others, key) && others[key] !== data[key] ? changed : same,
      ]),
    );
  const { data, metadata } = object;
  const applied = appliedIn(object);
  return {
    ...object,
    ...(data !== undefined && data !== null && { data: hide(data as Data, (other?.data ?? {}) as Data) }),
    ...(applied && {
      metadata: {
        ...metadata,
        annotations: { ...metadata.annotations, ...hide(applied, other && appliedIn(other)) },
      },
    }),
  };
}

function appliedIn({ metadata }: KubeObject): Data | undefined {
  const text = metadata.annotations?.[lastApplied];
  return text === undefined ? undefined : { [lastApplied]: text };
}

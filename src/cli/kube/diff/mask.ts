import type { KubeObject } from '../objects.ts';

type Data = Record<string, unknown>;

const [same, before, after] = ['***', '*** (before)', '*** (after)'];

/** Two states of a Secret, of which only shows what differs, and no value. */
export function masked(
  live: KubeObject | undefined,
  merged: KubeObject,
): [live: KubeObject | undefined, merged: KubeObject] {
  const [from, to] = [dataOf(live), dataOf(merged)];
  const hide = (data: Data, other: Data, changed: string) =>
    Object.fromEntries(
      Object.keys(data).map((key) => [
        key,
        Object.hasOwn(other, key) && other[key] !== data[key] ? changed : same,
      ]),
    );
  return [live && put(live, hide(from, to, before)), put(merged, hide(to, from, after))];
}

const dataOf = (object: KubeObject | undefined): Data => (object?.data ?? {}) as Data;

const put = (object: KubeObject, data: Data): KubeObject => (object.data ? { ...object, data } : object);

import { mostStoredBytes, tooLargeToStore } from '../../errors/storedSize.ts';
import type { Container, LimitRange, Pod } from '../../kinds/schema/types.ts';

type Amounts = Record<string, string>;

/** Gives containers what the range has for those that do not say. Tells whether there were any. */
export function giveDefaults(pod: Pod, range: LimitRange): boolean {
  const limits: Amounts = {};
  const requests: Amounts = {};
  for (const item of range.spec?.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(limits, item.default);
    Object.assign(requests, item.defaultRequest);
  }
  const { containers = [], initContainers = [] } = pod.spec ?? {};
  refuseTooLarge(limits, containers.length + initContainers.length);
  refuseTooLarge(requests, containers.length + initContainers.length);
  const given = [
    ...containers.flatMap((each) => complete(each, limits, requests, 'container')),
    ...initContainers.flatMap((each) => complete(each, limits, requests, 'init container')),
  ];
  if (!given.length) return false;
  pod.metadata.annotations = {
    ...pod.metadata.annotations,
    'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${given.join('; ')}`,
  };
  return true;
}

/**
 * What each of many containers gets may be gigabytes, of which nothing would be stored. The amounts that containers have
 * themselves count too, as they have the same names. Throws what storage would.
 */
function refuseTooLarge(amounts: Amounts, containers: number): void {
  let length = 0;
  for (const name in amounts) length += name.length + '"":"1"'.length;
  if (length * containers > mostStoredBytes) throw tooLargeToStore();
}

/** Returns what was given, in words. */
function complete(container: Container, limits: Amounts, requests: Amounts, what: string): string[] {
  const { resources = {}, name } = container;
  const isMissing =
    (has: Amounts = {}) =>
    (each: string) =>
      !Object.hasOwn(has, each);
  const limited = Object.keys(limits).filter(isMissing(resources.limits)).sort();
  const requested = Object.keys(requests).filter(isMissing(resources.requests)).sort();
  if (!limited.length && !requested.length) return [];
  container.resources = {
    ...resources,
    ...(Object.keys(limits).length && { limits: { ...limits, ...resources.limits } }),
    ...(Object.keys(requests).length && { requests: { ...requests, ...resources.requests } }),
  };
  return [
    ...(requested.length ? [`${requested.join(', ')} request for ${what} ${name}`] : []),
    ...(limited.length ? [`${limited.join(', ')} limit for ${what} ${name}`] : []),
  ];
}

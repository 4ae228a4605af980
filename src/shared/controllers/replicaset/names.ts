import { suffixOf } from '../common/hash.ts';

/**
 * Names for new Pods, derived from what was observed: two runs over the same observation make the same Pods, and the
 * second create is AlreadyExists instead of a surplus. `epoch` changes when a child is gone, so that its name is not
 * used again while someone may still speak of it; names in use, terminating ones too, are skipped.
 */
export function* podNames(
  owner: { name: string; uid: string },
  epoch: number,
  inUse: ReadonlySet<string>,
): Generator<string> {
  const seen = new Set<string>();
  for (let slot = 0; ; slot++) {
    const name = `${owner.name.slice(0, 57)}-${suffixOf(`${slot}/${epoch}/${owner.uid}`)}`;
    if (inUse.has(name) || seen.has(name)) continue;
    seen.add(name);
    yield name;
  }
}

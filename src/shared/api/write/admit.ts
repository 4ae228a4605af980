import type { Admission, AdmissionPlugin } from '../../admission/plugin.ts';
import { resourceName } from '../../kinds/kind.ts';
import { addAll } from '../../meta/lists.ts';
import type { AnyObject } from '../../meta/object.ts';
import { ClaimsHeld } from '../../ports/claimsHeld.ts';
import type { Call } from '../request.ts';
import { settle } from './settle.ts';

/** Lets each plugin change the object, in the order of the registry. */
export async function admit(plugins: readonly AdmissionPlugin[], admission: Admission): Promise<void> {
  for (const plugin of concerned(plugins, admission)) await plugin.admit?.(admission);
}

export async function check(plugins: readonly AdmissionPlugin[], admission: Admission): Promise<void> {
  for (const plugin of concerned(plugins, admission)) await plugin.validate?.(admission);
}

const concerned = (plugins: readonly AdmissionPlugin[], { kind }: Admission) => {
  const resource = resourceName(kind);
  return plugins.filter(({ resources }) => !resources || resources.includes(resource));
};

/**
 * The last steps of a write: allocation, the plugins that only look, and `write`, of the object that came of it. When
 * others hold what was chosen, all of it again, until something else is chosen or the allocation gives up.
 */
export async function allocated<T>(
  { deps, served }: Call,
  admission: Admission & { object: AnyObject },
  write: (object: AnyObject) => Promise<T>,
): Promise<T> {
  const allocators = concerned(deps.admission, admission).filter((plugin) => plugin.allocate);
  const refused: string[] = [];
  for (;;) {
    let { object } = admission;
    if (allocators.length) {
      const copy = { ...admission, object: structuredClone(object) };
      for (const plugin of allocators) await plugin.allocate?.(copy, refused);
      object = settle(served, deps.admission, copy.object);
    }
    await check(deps.admission, { ...admission, object });
    try {
      return await write(object);
    } catch (error) {
      if (!(error instanceof ClaimsHeld) || error.claims.every((claim) => refused.includes(claim)))
        throw error;
      addAll(refused, error.claims);
    }
  }
}

import type { Admission, AdmissionPlugin, Undo } from '../../admission/plugin.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Call } from '../request.ts';
import { settle } from './settle.ts';

/** One write's passage through admission. What plugins took is given back by `undo` when the write does not happen. */
export interface Passage {
  /** Lets each plugin change the object, in the order of the registry. */
  mutate(): Promise<void>;
  /** Gives the object, which is valid, what it needs of what is scarce. */
  allocate(admission: Admission): Promise<boolean>;
  undo(): Promise<void>;
}

export function passage(plugins: readonly AdmissionPlugin[], admission: Admission): Passage {
  const undos: Undo[] = [];
  const keep = (undo: Undo | undefined) => undo && undos.push(undo);
  return {
    mutate: async () => {
      for (const plugin of concerned(plugins, admission)) keep(await plugin.admit?.(admission));
    },
    allocate: async (valid) => {
      const allocators = concerned(plugins, valid).filter((plugin) => plugin.allocate);
      for (const plugin of allocators) keep(await plugin.allocate?.(valid));
      return allocators.length > 0;
    },
    undo: async () => {
      for (const step of undos.splice(0).reverse()) await step();
    },
  };
}

export async function check(plugins: readonly AdmissionPlugin[], admission: Admission): Promise<void> {
  for (const plugin of concerned(plugins, admission)) await plugin.validate?.(admission);
}

const concerned = (plugins: readonly AdmissionPlugin[], { kind }: Admission) => {
  const resource = resourceName(kind);
  return plugins.filter(({ resources }) => !resources || resources.includes(resource));
};

/** The last steps before storage: allocation, then the plugins that only look. Answers the object to be stored. */
export async function allocated(
  { deps, served }: Call,
  admitted: Passage,
  admission: Admission & { object: AnyObject },
): Promise<AnyObject> {
  const changed = await admitted.allocate(admission);
  const object = changed ? settle(served, deps.admission, admission.object) : admission.object;
  await check(deps.admission, { ...admission, object });
  return object;
}

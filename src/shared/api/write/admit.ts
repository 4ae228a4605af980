import type { Admission, AdmissionPlugin, Undo } from '../../admission/plugin.ts';
import { resourceName } from '../../kinds/kind.ts';

/** One write's passage through admission. What plugins took is given back by `undo` when the write does not happen. */
export interface Passage {
  /** Lets each plugin change the object, in the order of the registry. */
  mutate(): Promise<void>;
  /** The same after the kind's strategy. */
  allocate(): Promise<void>;
  undo(): Promise<void>;
}

export function passage(plugins: readonly AdmissionPlugin[], admission: Admission): Passage {
  const undos: Undo[] = [];
  const run = (step: 'admit' | 'allocate') => async () => {
    for (const plugin of concerned(plugins, admission)) {
      const undo = await plugin[step]?.(admission);
      if (undo) undos.push(undo);
    }
  };
  return {
    mutate: run('admit'),
    allocate: run('allocate'),
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

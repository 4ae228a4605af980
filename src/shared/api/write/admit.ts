import type { Admission, AdmissionPlugin, Undo } from '../../admission/plugin.ts';
import { resourceName } from '../../kinds/kind.ts';

/** Lets each plugin change the object, in the order of the registry. What they took is given back by `undo`. */
export async function mutate(plugins: readonly AdmissionPlugin[], admission: Admission): Promise<Undo> {
  const undos: Undo[] = [];
  const undo = async () => {
    for (const step of undos.reverse()) await step();
  };
  try {
    for (const plugin of concerned(plugins, admission)) {
      const step = await plugin.admit?.(admission);
      if (step) undos.push(step);
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return undo;
}

export async function check(plugins: readonly AdmissionPlugin[], admission: Admission): Promise<void> {
  for (const plugin of concerned(plugins, admission)) await plugin.validate?.(admission);
}

const concerned = (plugins: readonly AdmissionPlugin[], { kind }: Admission) => {
  const resource = resourceName(kind);
  return plugins.filter(({ resources }) => !resources || resources.includes(resource));
};

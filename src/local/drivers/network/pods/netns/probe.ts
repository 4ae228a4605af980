import type { Ground } from './ground.ts';
import type { Names } from './names.ts';
import { started } from './started.ts';

/**
 * Makes and enters a namespace joined to the bridge, to see whether that works here; rejects with the reason when it
 * does not. What it answers removes the namespace again, which the caller need not wait for.
 */
export async function probe({ ip, joining }: Ground, names: Names): Promise<() => Promise<void>> {
  const namespace = `${names.namespacePrefix}probe`;
  const cable = `${names.bridge}p`;
  const remove = () => ip.runAnyway([`link del ${cable}`, `netns del ${namespace}`]);
  const make = () =>
    ip.run([
      `netns add ${namespace}`,
      `link add ${cable} type veth peer name eth0 netns ${namespace}`,
      `link set ${cable} master ${names.bridge}`,
    ]);
  try {
    // A probe that was interrupted may have left its own.
    await make().catch(() => remove().then(make));
    await started([...joining(namespace), 'true']);
  } catch (error) {
    await remove();
    throw error;
  }
  return remove;
}

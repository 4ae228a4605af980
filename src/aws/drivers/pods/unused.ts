import { familyOf, isFamilyOf } from './families.ts';
import type { Tasks } from './tasks.ts';

/** So many definitions may wait for the next Pod of their template: registering one again costs a call of one a second. */
const mostUnused = 100;
/** Of each call that changes definitions, per sweep: the account has one a second for all who deploy. */
const mostAtOnce = 10;

/**
 * Deregisters definitions that no task runs with, and deletes those that were deregistered. One that a template turns out
 * to need is registered again: ECS then says that it is inactive, as it says of an unknown one that it is not there.
 */
export async function removeUnused(tasks: Tasks, deployment: string): Promise<void> {
  const isOurs = (arn: string) => isFamilyOf(deployment, familyOf(arn));
  const inactive = (await tasks.definitions('INACTIVE', mostAtOnce)).filter(isOurs);
  if (inactive.length > 0) await tasks.forget(inactive.slice(0, mostAtOnce));
  const active = (await tasks.definitions('ACTIVE')).filter(isOurs);
  if (active.length <= mostUnused) return;
  const running = await tasks.describe(await tasks.running());
  const used = new Set(running.map(({ taskDefinitionArn = '' }) => familyOf(taskDefinitionArn)));
  const unused = active.filter((arn) => !used.has(familyOf(arn)));
  const surplus = Math.max(0, unused.length - mostUnused);
  for (const arn of unused.slice(0, Math.min(surplus, mostAtOnce))) await tasks.deregister(arn);
}

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { randomIds } from '../../shared/clock/randomIds.ts';
import { systemClock } from '../../shared/clock/systemClock.ts';
import { openLmdbOutbox } from '../drivers/lmdb/outbox.ts';
import { openEventReceivers } from '../drivers/webhook/index.ts';
import { eventsIn, followingIn } from './deployment.ts';
import { type DeliveryOptions, type EventDelivery, loadRules, openDelivery } from './index.ts';

/** Opens what tells receivers by a rule file, with its queue in the data folder. Rejects when either is not good. */
export async function openEvents(
  file: string,
  dataFolder: string,
  options: Pick<DeliveryOptions, 'storage' | 'deployment' | 'log'>,
): Promise<EventDelivery> {
  const loaded = await loadRules(file);
  const outbox = await openLmdbOutbox(eventsIn(dataFolder));
  const mark = followingIn(dataFolder);
  // What was written while no rules served is told to nobody. The mark comes last: a process that is killed begins anew.
  if (!existsSync(mark)) {
    await outbox.append([], new Map([...outbox.load().places.keys()].map((space) => [space, undefined])));
    await writeFile(mark, '');
  }
  const receivers = openEventReceivers();
  return openDelivery({ ...loaded, ...options, outbox, receivers, clock: systemClock, ids: randomIds });
}

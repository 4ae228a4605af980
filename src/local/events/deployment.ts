import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Names a control plane of one machine in events: by its authority, so that no two have an event of the same id and source. */
export const deploymentOf = (clusterCa: string): string =>
  `local-${createHash('sha256').update(clusterCa).digest('hex').slice(0, 8)}`;

/** The queue of events in a data folder. */
export const eventsIn = (dataFolder: string): string => join(dataFolder, 'events');

/** Is there as long as rules serve at each start: what was written without any is told to nobody. */
export const followingIn = (dataFolder: string): string => join(eventsIn(dataFolder), 'following');

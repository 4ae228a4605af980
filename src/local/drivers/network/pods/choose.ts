import type { Clock } from '../../../../shared/clock/clock.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import type { LocalNetwork } from '../network.ts';
import { openLoopback } from './loopback.ts';
import { openNetns } from './netns/netns.ts';
import { openShared } from './shared.ts';
import { openUserns } from './userns/userns.ts';

export interface ChooseOptions {
  /**
   * `auto`: network namespaces if they work here, for an ordinary user only where `user` is given, otherwise loopback
   * addresses.
   */
  prefer: 'auto' | 'loopback' | 'netns';
  /** A folder of this instance alone, where its ranges and addresses are kept. Created when missing. */
  folder: string;
  /** Says how many users a user namespace can have here. Absent: containers need none, or there are none. */
  user?: 'one' | 'all' | undefined;
  /** Holds the folders of Pods' runs, whose processes end where their network has. */
  runs?: string;
  /** Pods will have another network: this one is for Services alone. */
  withoutPods?: boolean;
  /** Is told what Pods have lost while it runs. */
  warn?: (line: string) => void;
  /** The default is this process's: tests play others. */
  platform?: NodeJS.Platform;
  isRoot?: boolean;
  clock?: Clock;
}

/**
 * The network for Pods and Services, with the reason for the choice in `explanation`. Throws when `netns` is asked
 * for and does not work here, saying why.
 */
export async function choosePodNetwork(options: ChooseOptions): Promise<LocalNetwork> {
  const { prefer, folder, platform = process.platform, isRoot = process.getuid?.() === 0 } = options;
  if (platform !== 'linux') {
    if (prefer === 'netns') throw new Error('network namespaces exist on Linux only');
    return openShared();
  }
  const { user, runs, warn, withoutPods, clock = systemClock } = options;
  const openOwn = () =>
    isRoot
      ? openNetns(folder, { withoutPods, warn })
      : openUserns(folder, { user: user ?? 'one', clock, runs, warn, needsWayOut: prefer === 'auto' });
  if (prefer === 'netns') return openOwn();
  if (prefer === 'loopback') return openLoopback(folder);
  if (!isRoot && !user) return explained(await openLoopback(folder), 'without root');
  try {
    return await openOwn();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return explained(await openLoopback(folder), `network namespaces do not work here (${why})`);
  }
}

const explained = (network: LocalNetwork, why: string): LocalNetwork => ({
  ...network,
  explanation: `${why}: ${network.explanation}`,
});

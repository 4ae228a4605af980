import type { LocalNetwork } from '../network.ts';
import { openLoopback } from './loopback.ts';
import { openNetns } from './netns/netns.ts';
import { openShared } from './shared.ts';

export interface ChooseOptions {
  /** `auto`: network namespaces for root on Linux if they work here, otherwise loopback addresses. */
  prefer: 'auto' | 'loopback' | 'netns';
  /** A folder of this instance alone, where its ranges and addresses are kept. Created when missing. */
  folder: string;
  /** The default is this process's: tests play others. */
  platform?: NodeJS.Platform;
  isRoot?: boolean;
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
  if (prefer === 'netns') return openNetns(folder);
  if (prefer === 'loopback') return openLoopback(folder);
  if (!isRoot) return explained(await openLoopback(folder), 'without root');
  try {
    return await openNetns(folder);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return explained(await openLoopback(folder), `network namespaces do not work here (${why})`);
  }
}

const explained = (network: LocalNetwork, why: string): LocalNetwork => ({
  ...network,
  explanation: `${why}: ${network.explanation}`,
});

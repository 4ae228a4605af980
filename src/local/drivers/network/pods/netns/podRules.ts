import { findNft, runNft, setsOf } from '../../policies/nft.ts';
import type { PodNamespaces } from './podNamespaces.ts';

/** Sets rules of nft in the network namespaces of Pods. */
export interface PodRules {
  /** Says why such a program cannot be run here; undefined when it can. It is only looked at. */
  try(program: string): Promise<string | undefined>;
  /** Runs a program in a Pod's namespace; false when the Pod has none (any more). Rejects with what nft complained of. */
  apply(uid: string, program: string): Promise<boolean>;
  /** Returns the names of the sets of a table in a Pod's namespace, if there are any. */
  setsOf(uid: string, table: string): Promise<string[]>;
}

/** Returns undefined where there is no nft. `trial` joins a namespace in which it is tried. */
export async function openPodRules(
  pods: PodNamespaces,
  trial: readonly string[],
): Promise<PodRules | undefined> {
  const nft = await findNft(process.env.PATH ?? '');
  if (!nft) return undefined;
  return {
    try: (program) =>
      runNft(nft, trial, program, ['--check']).then(
        () => undefined,
        ({ message }: Error) => message,
      ),
    async apply(uid, program) {
      const joining = await pods.joining(uid);
      if (!joining) return false;
      try {
        await runNft(nft, joining, program);
        return true;
      } catch (error) {
        // It may have gone just then.
        if (await pods.joining(uid)) throw error;
        return false;
      }
    },
    async setsOf(uid, table) {
      const joining = await pods.joining(uid);
      return joining ? setsOf(nft, joining, table) : [];
    },
  };
}

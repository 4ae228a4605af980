import { systemClock } from '../shared/clock/systemClock.ts';
import type { PodRuntime } from '../shared/ports/cloud.ts';

const graceSeconds = 10;

/** Ends every Pod as a deletion would, and forgets it: the next start runs it anew. */
export async function stopAll(pods: PodRuntime): Promise<void> {
  await Promise.all(
    (await pods.list()).map(async (ref) => {
      await pods.stop(ref, graceSeconds);
      while ((await pods.observe(ref))?.stopped === false) await systemClock.sleep(20);
      await pods.remove(ref);
    }),
  );
}

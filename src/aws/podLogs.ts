import type { PodLogs } from '../shared/api/deps.ts';
import type { Clock } from '../shared/clock/clock.ts';
import type { Ids } from '../shared/clock/ids.ts';
import type { Logger } from '../shared/observability/logger.ts';
import { type Env, fargateSettings } from './config.ts';

/** Containers' output from CloudWatch Logs. Two clients more are loaded by the first who asks, not by every cold start. */
export function fargateLogs(env: Env, parts: { clock: Clock; ids: Ids; log: Logger }): PodLogs {
  const settings = fargateSettings(env);
  const open = async () => {
    const [{ openFargatePods }, { fargateClients }] = await Promise.all([
      import('../shared/cloud/aws/pods/index.ts'),
      import('../shared/cloud/aws/pods/clients.ts'),
    ]);
    return openFargatePods({ ...settings, ...parts, ...fargateClients() });
  };
  let opened: ReturnType<typeof open> | undefined;
  return async function* (...asked) {
    opened ??= open();
    yield* (await opened).logs(...asked);
  };
}

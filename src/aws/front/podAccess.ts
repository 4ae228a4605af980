import type { ApiDeps } from '../../shared/api/deps.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import { type Env, fargateSettings } from '../config.ts';

/**
 * Containers' output from CloudWatch Logs, and sessions in containers through ECS Exec. The clients are loaded by
 * the first who asks, not by every cold start.
 */
export function fargateAccess(
  env: Env,
  parts: { clock: Clock; ids: Ids; log: Logger },
): Pick<ApiDeps, 'podLogs' | 'podSession' | 'podPortSession'> {
  const settings = fargateSettings(env);
  const { cluster } = settings;
  const open = async () => {
    const [{ openFargatePods }, { fargateClients }, { openSession }, { openSender }] = await Promise.all([
      import('../drivers/pods/index.ts'),
      import('../drivers/pods/clients.ts'),
      import('../drivers/pods/session.ts'),
      import('../drivers/sender.ts'),
    ]);
    const clients = fargateClients();
    const send = openSender(parts);
    return {
      pods: openFargatePods({ ...settings, ...parts, ...clients }),
      session: openSession.bind(undefined, { ecs: clients.ecs, cluster, send }),
    };
  };
  const openPort = async () => {
    const [{ fargateClients }, { openPortSession, portSessionClient }, { openSender }] = await Promise.all([
      import('../drivers/pods/clients.ts'),
      import('../drivers/pods/portSession.ts'),
      import('../drivers/sender.ts'),
    ]);
    const { ecs } = fargateClients();
    const options = { ecs, ssm: portSessionClient(), cluster, send: openSender(parts) };
    return openPortSession.bind(undefined, options);
  };
  let openedPort: ReturnType<typeof openPort> | undefined;
  let opened: ReturnType<typeof open> | undefined;
  const ready = () => {
    opened ??= open();
    return opened;
  };
  return {
    podLogs: async function* (...asked) {
      yield* (await ready()).pods.logs(...asked);
    },
    podSession: async (...asked) => (await ready()).session(...asked),
    podPortSession: async (...asked) => {
      openedPort ??= openPort();
      return (await openedPort)(...asked);
    },
  };
}

import type { Client, Clients } from '../../shared/client/client.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { WorkKey } from '../../shared/controllers/controller.ts';
import { createRecorder } from '../../shared/controllers/events/recorder.ts';
import {
  deployments,
  ingresses,
  logicalClusters,
  services,
  statefulSets,
} from '../../shared/controllers/resources.ts';
import { askOf } from '../../shared/controllers/scaletozero/annotations.ts';
import { look, scaleToZero } from '../../shared/controllers/scaletozero/index.ts';
import { servicesBehind } from '../../shared/controllers/scaletozero/workload.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import type { Ingress, Service } from '../../shared/kinds/schema/types.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Demand } from '../../shared/ports/cloud.ts';
import { asleepAnnotation } from '../../shared/ports/demand.ts';

/** Describes what a sweep needs. */
export interface SweepParts {
  clients: Clients;
  demand: Demand;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

const minuteMs = 60_000;
/** So many looks in the time of a silence: each costs a question to CloudWatch. */
const looks = 5;
/** After so many minutes what sleeps for a Service that asks for nothing any more, or is gone, is looked for. */
const rarely = 10;

/**
 * Looks, once a minute, at the Services that are to be scaled to zero: those that sleep each time, others as often as
 * their silence is long.
 * @returns how many could not be looked at.
 */
export async function sweepSleepers(parts: SweepParts): Promise<number> {
  const { clients, clock, log } = parts;
  const tick = Math.floor(clock.now() / minuteMs);
  const others = await clients('default').list(logicalClusters);
  let failed = 0;
  for (const cluster of ['default', ...others.map(({ metadata: { name = '' } }) => name)]) {
    const client = clients(cluster);
    const recorder = createRecorder({ ...parts, client });
    const events = recorder.for(scaleToZero.name);
    try {
      for (const key of await keysIn(cluster, client, tick))
        try {
          await look(key, { client, clock, events, cloud: parts });
        } catch (error) {
          failed++;
          log.error('a Service was not looked at to the end', { ...key, error });
        }
    } catch (error) {
      // One that has just been deleted, or cannot be read, must not keep the others from their turn.
      if (isReason(error, 'NotFound')) continue;
      failed++;
      log.error('a cluster was not looked at to the end', { cluster, error });
    } finally {
      await recorder.stop();
    }
  }
  return failed;
}

async function keysIn(cluster: string, client: Client, tick: number): Promise<WorkKey[]> {
  const [all, near] = await Promise.all([client.list(services), client.list(ingresses)]);
  const due = all.filter((service) => isDue(service, near, tick)).map(({ metadata }) => metadata);
  const left = tick % rarely === 0 ? await wakersIn(client) : [];
  const keys = [...due, ...left].map(({ namespace = '', name = '' }) => ({ cluster, namespace, name }));
  return [...new Map(keys.map((key) => [`${key.namespace}/${key.name}`, key])).values()];
}

function isDue(service: Service, ingresses: Ingress[], tick: number): boolean {
  if (service.metadata.annotations?.[asleepAnnotation] !== undefined) return true;
  const near = ingresses.filter(({ metadata }) => metadata.namespace === service.metadata.namespace);
  const ask = askOf(service, near);
  if (!ask) return false;
  const every = 'afterMs' in ask ? Math.max(1, Math.floor(ask.afterMs / looks / minuteMs)) : rarely;
  return tick % every === 0;
}

/** Services for which something sleeps, whether they know of it, and are there, or not. */
async function wakersIn(client: Client): Promise<{ namespace?: string; name: string }[]> {
  const asleep = [...(await client.list(deployments)), ...(await client.list(statefulSets))];
  return asleep.flatMap((object) =>
    servicesBehind(object).map((name) => ({ namespace: object.metadata.namespace, name })),
  );
}

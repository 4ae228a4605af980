import type { Client } from '../../client/client.ts';
import { type Clock, formatMicroTime, formatTime } from '../../clock/clock.ts';
import type { Ids } from '../../clock/ids.ts';
import { isReason } from '../../errors/apiError.ts';
import type { Event } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Logger } from '../../observability/logger.ts';
import { canonical, suffixOf } from '../common/hash.ts';
import type { EventFacts, EventRecorder } from '../controller.ts';
import { events } from '../resources.ts';
import { Correlator } from './correlator.ts';

/** Makes recorders of Events, each with the name of the component that reports. */
export interface Recorder {
  for(component: string): EventRecorder;
  /** Resolves when what was recorded is written. */
  stop(): Promise<void>;
}

/** Beyond this many unwritten Events new ones are dropped: they are news, not state. */
const backlog = 20_000;
const writers = 4;

/** Writes Events in the background, a few at a time, so that they never hold up the work they tell of. */
export function createRecorder(deps: {
  client: Client;
  clock: Clock;
  log: Logger;
  /** Keeps the names of Events apart from those of another process in the same millisecond. */
  ids?: Ids;
}): Recorder {
  const { client, clock, log, ids } = deps;
  const queue: (() => Promise<void>)[] = [];
  const correlators = new Map<string, Correlator>();
  let sequence = Math.floor((ids?.random() ?? 0) * 1_000_000);
  const active = new Set<Promise<void>>();

  const drain = async () => {
    for (let write = queue.shift(); write; write = queue.shift())
      await write().catch((error: unknown) => log.debug('an Event was not written', { error }));
  };
  const schedule = (write: () => Promise<void>) => {
    if (queue.length >= backlog) return;
    queue.push(write);
    if (active.size >= writers) return;
    const run: Promise<void> = drain().finally(() => active.delete(run));
    active.add(run);
  };

  const record = (component: string, about: KubeObject, facts: EventFacts) => {
    const now = clock.now();
    const correlator = correlators.get(component) ?? new Correlator();
    correlators.set(component, correlator);
    const name = about.metadata.name ?? '';
    const namespace = about.metadata.namespace ?? 'default';
    const uid = about.metadata.uid ?? '';
    // Nanoseconds as client-go has them; the sequence keeps Events of one millisecond apart.
    const nextName = () =>
      `${name}.${facts.once ? hashOf(uid, facts) : (BigInt(now) * 1_000_000n + BigInt(sequence++ % 1_000_000)).toString(16)}`;
    const decision = correlator.correlate(uid, facts, now, nextName);
    if (decision.action === 'drop' || (decision.action === 'count' && facts.once)) return;
    const { message, count } = decision;
    const fresh = () =>
      client.create(events, eventOf(component, about, { ...facts, message }, decision, now));
    schedule(async () => {
      if (decision.action === 'create') return void (await fresh());
      try {
        const lastTimestamp = formatTime(now);
        await client.patch(events, namespace, decision.name, { count, lastTimestamp, message });
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error;
        await fresh();
      }
    });
  };

  return {
    for: (component) => (about, facts) => record(component, about, facts),
    async stop() {
      while (active.size > 0) await Promise.all(active);
    },
  };
}

const hashOf = (uid: string, { once, reason, message, fieldPath }: EventFacts): string =>
  suffixOf(canonical([uid, once, reason, message, fieldPath]), 10);

function eventOf(
  component: string,
  about: KubeObject,
  facts: EventFacts,
  { name, count }: { name: string; count: number },
  now: number,
): Event {
  const { metadata: m, apiVersion = '', kind = '' } = about;
  const at = formatTime(now);
  // The scheduler speaks events.k8s.io: an exact time and an action instead of source and counts.
  const when = facts.action
    ? {
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        eventTime: formatMicroTime(now),
        action: facts.action,
        reportingInstance: `${component}-0`,
      }
    : {
        source: { component, ...(facts.host && { host: facts.host }) },
        firstTimestamp: at,
        lastTimestamp: at,
        count,
        eventTime: null,
        reportingInstance: facts.host ?? '',
      };
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: m.namespace ?? 'default' },
    involvedObject: {
      kind,
      ...(m.namespace && { namespace: m.namespace }),
      name: m.name ?? '',
      uid: m.uid ?? '',
      apiVersion,
      resourceVersion: m.resourceVersion ?? '',
      ...(facts.fieldPath && { fieldPath: facts.fieldPath }),
    },
    reason: facts.reason,
    message: facts.message,
    type: facts.type,
    reportingComponent: component,
    ...when,
  } as unknown as Event;
}

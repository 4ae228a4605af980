import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import { type EventRule, parseRules } from '../../shared/events/rules.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { Gathered } from '../../shared/observability/metrics.ts';
import type { EventReceivers } from '../../shared/ports/eventReceivers.ts';
import type { Outbox } from '../../shared/ports/outbox.ts';
import type { Key, Storage } from '../../shared/ports/storage.ts';
import type { DeadLetterBox } from './deadLetters.ts';
import { clustersResource, Feed } from './feed.ts';
import { eventFigures } from './figures.ts';
import { EventQueue, type Route } from './queue.ts';
import { type Sign, signingWith } from './signing.ts';

/** Tells receivers of changes, as rules ask for it. */
export interface EventDelivery extends DeadLetterBox {
  /** Notes that an object was written. */
  noticed(key: Key): void;
  /** Goes on where it was. Resolves when nothing can be missed any more. */
  start(): Promise<void>;
  /** What waits is told after the next start. */
  stop(): Promise<void>;
  figures: readonly Gathered[];
}

/** Is a rule file that has been read, with the keys that it names. */
export interface LoadedRules {
  rules: readonly EventRule[];
  /** By the name of a rule and of its target. */
  routes: ReadonlyMap<string, Route>;
}

/** Reads a rule file and the keys in it. Rejects with an Error that says what to change. */
export async function loadRules(file: string): Promise<LoadedRules> {
  const reading = (path: string, what: string) =>
    readFile(path, 'utf8').catch((error: Error) => {
      throw new Error(`--event-rules: ${what}${error.message}`);
    });
  const rules = parseRules(await reading(file, ''), `--event-rules: ${file}`, 'local');
  const routes = new Map<string, Route>();
  for (const { name, targets, maximumEventAgeInSeconds } of rules)
    for (const target of targets) {
      const { url = '', signingKeyFile = '' } = target.webhook ?? {};
      const to = `${name}/${target.name}`;
      const path = resolve(dirname(file), signingKeyFile);
      const key = await reading(path, `the key of ${to}: `);
      routes.set(to, { url, sign: signOf(key, path), giveUpMs: maximumEventAgeInSeconds * 1000 });
    }
  return { rules, routes };
}

function signOf(key: string, path: string): Sign {
  try {
    return signingWith(key);
  } catch (error) {
    throw new Error(`--event-rules: ${path}: ${(error as Error).message}`);
  }
}

/** Describes what telling needs. */
export interface DeliveryOptions extends LoadedRules {
  storage: Pick<Storage, 'watch' | 'list' | 'heads'>;
  /** It is closed at the end. */
  outbox: Outbox;
  /** They are closed at the end. */
  receivers: EventReceivers;
  deployment: string;
  clock: Clock;
  ids: Pick<Ids, 'random'>;
  log: Logger;
}

/** A disk that takes nothing must not keep a control plane from ending. */
const patienceMs = 3_000;

/** Makes what tells receivers of changes. It tells what waits at once, and what changes once it is started. */
export function openDelivery(options: DeliveryOptions): EventDelivery {
  const { storage, outbox, receivers, rules, routes, deployment, clock, ids, log } = options;
  const queue = new EventQueue({ outbox, receivers, routes, clock, ids, log });
  const append = queue.append.bind(queue);
  const feed = new Feed({ storage, rules, deployment, places: queue.places, append, clock, log });
  return {
    noticed: (key) => feed.noticed(key),
    async start() {
      const { items } = await storage.list({ cluster: 'default', resource: clustersResource });
      await feed.start(['default', ...items.map(({ key }) => key.name)]);
    },
    async stop() {
      const ended = new AbortController();
      await Promise.race([feed.stop(), clock.sleep(patienceMs, ended.signal)]);
      ended.abort();
      await queue.stop();
    },
    deadLetters: () => queue.deadLetters(),
    retry: (numbers) => queue.retry(numbers),
    drop: (numbers) => queue.drop(numbers),
    figures: eventFigures(() => queue.figures()),
  };
}

import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { PodRef } from '../../../shared/ports/pods.ts';
import type { ContainerUsage, PodStatistics, Reading } from '../../../shared/ports/statistics.ts';
import {
  type Item,
  keyAttributes,
  number,
  numberOf,
  type Place,
  text,
  textOf,
  usagePlace,
} from './layout.ts';
import { gatheredReads } from './podUsageReads.ts';
import { type DynamoClient, isConditionFailed, persist } from './sender.ts';
import { Table } from './table.ts';

export interface PodUsageOptions {
  client: DynamoClient;
  table: string;
  clock: Clock;
  ids: Ids;
  /** Time between two tellings of a Pod, in milliseconds. */
  everyMs: number;
}

/** Keeps what Pods tell of their use: the newest of each, and the one before. */
export interface PodUsage extends PodStatistics {
  /** One write, without a look before. What comes late or twice changes nothing. */
  keep(ref: PodRef, usages: readonly ContainerUsage[]): Promise<void>;
}

/** Two tellings may get lost. */
const staleAfter = 3;
/** DynamoDB removes what nobody reads any more. */
const keepMs = 3_600_000;

/** Opens it in the table of the objects: an item for each Pod, which no log tells of and which goes by itself. */
export function openPodUsage({ client, table: name, clock, ids, everyMs }: PodUsageOptions): PodUsage {
  const sender = { clock, ids, attempts: 8 };
  const read = gatheredReads(new Table(client, name, sender));
  const staleMs = staleAfter * everyMs;
  return {
    everyMs,
    async keep(ref, usages) {
      const request = keepRequest(name, ref, usages, clock.now());
      try {
        await persist(sender, () => client.send(new UpdateItemCommand(request)));
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
      }
    },
    async pod(ref, pod) {
      const item = await read(ref.cluster, placeOf(ref).sk);
      if (!item || clock.now() - numberOf(item, 'told') > staleMs) return [];
      return usagesIn(item, ref.uid, staleMs).sort(inOrderOf(pod));
    },
  };
}

const placeOf = ({ cluster, namespace, name }: PodRef): Place => usagePlace(cluster, namespace, name);

/** Unless something newer is there: then this is late, or an answer was lost and it is there already. */
const keepRequest = (
  table: string,
  ref: PodRef,
  usages: readonly ContainerUsage[],
  now: number,
): UpdateItemCommandInput => ({
  TableName: table,
  Key: keyAttributes(placeOf(ref)),
  UpdateExpression:
    'SET earlier = if_not_exists(newest, :newest), newest = :newest, told = :now, expires = :expires',
  ConditionExpression: 'attribute_not_exists(told) OR told < :now',
  ExpressionAttributeValues: {
    ':newest': text(JSON.stringify({ uid: ref.uid, containers: usages.map(rowOf) })),
    ':now': number(now),
    ':expires': number(Math.ceil((now + keepMs) / 1_000)),
  },
});

/** A kilobyte is a unit of what a write costs: no names of fields. */
type Row = [name: string, at: number, since: number, cpu: number, memory: number, ...before: number[]];
interface Told {
  uid: string;
  containers: Row[];
}

const rowOf = ({ name, at, since, cpuNanoseconds, memoryBytes, before }: ContainerUsage): Row => [
  ...([name, at, since, cpuNanoseconds, memoryBytes] as const),
  ...(before ? [before.at, before.cpuNanoseconds] : []),
];

function usageOf([name, at, since, cpuNanoseconds, memoryBytes, ...before]: Row): ContainerUsage {
  const [beforeAt, beforeCpu] = before;
  return {
    ...{ name, at, since, cpuNanoseconds, memoryBytes },
    ...(beforeAt !== undefined &&
      beforeCpu !== undefined && { before: { at: beforeAt, cpuNanoseconds: beforeCpu } }),
  };
}

/**
 * What was told last, each counter with where it stood in what was told before; else with what came beside it, else with its
 * start. None at all while a counter has run for long and nothing says where it stood: its average since then is not what it
 * uses now.
 */
function usagesIn(item: Item, uid: string, staleMs: number): ContainerUsage[] {
  const [newest, earlier] = ['newest', 'earlier'].map((name) => JSON.parse(textOf(item, name)) as Told);
  if (newest?.uid !== uid) return [];
  const known = new Map(earlier?.uid === uid ? earlier.containers.map((row) => [row[0], usageOf(row)]) : []);
  const usages = newest.containers.map((row) => {
    const usage = usageOf(row);
    const { at, since } = usage;
    const told = known.get(usage.name);
    const isRecent = (reading: Reading) => reading.at < at && at - reading.at <= staleMs;
    const before = [
      ...(told?.since === since ? [{ at: told.at, cpuNanoseconds: told.cpuNanoseconds }] : []),
      ...(usage.before ? [usage.before] : []),
      { at: since, cpuNanoseconds: 0 },
    ].find(isRecent);
    return before && { ...usage, before };
  });
  return usages.every((usage) => usage !== undefined) ? usages : [];
}

const inOrderOf = ({ spec }: Pod) => {
  const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map(({ name }) => name);
  return (a: ContainerUsage, b: ContainerUsage): number => names.indexOf(a.name) - names.indexOf(b.name);
};

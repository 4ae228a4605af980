import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';

/** EventBridge takes no more in one request. */
const mostEntries = 10;
/** The limit is 1 MB; this leaves room for the request around the entries. */
const mostBytes = 1_000_000;

export interface BusEvent {
  source: string;
  detailType: string;
  /** JSON. */
  detail: string;
  /** Milliseconds since the epoch. */
  time: number;
}

/** As EventBridge counts: the time and the texts. */
const sizeOf = ({ source, detailType, detail }: BusEvent): number =>
  14 + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);

/** Indexes of events in groups that one request takes, in their order. */
export function batchesOf(events: readonly BusEvent[]): number[][] {
  const batches: number[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [i, event] of events.entries()) {
    const size = sizeOf(event);
    if (bytes + size > mostBytes || batches.at(-1)!.length === mostEntries) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(i);
    bytes += size;
  }
  return batches;
}

export const entryOf = (bus: string, event: BusEvent): PutEventsRequestEntry => ({
  EventBusName: bus,
  Source: event.source,
  DetailType: event.detailType,
  Detail: event.detail,
  Time: new Date(event.time),
});

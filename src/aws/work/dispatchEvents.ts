import type { LoggedChange } from '../../shared/controllers/manager/queue/index.ts';
import { newsOf } from '../../shared/events/objectEvent.ts';
import type { BusEvent } from '../drivers/bus/index.ts';

/**
 * Returns what the bus is told of a change: `Deployment MODIFIED` with a CloudEvent as its detail. Undefined for what is
 * not published.
 */
export function eventOf({ change, at }: LoggedChange, deployment: string): BusEvent | undefined {
  const news = newsOf({ ...change, at }, deployment);
  if (!news) return undefined;
  const { source, 'detail-type': detailType } = news.event;
  return { source, detailType, detail: news.text(), time: at };
}

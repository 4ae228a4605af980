import type { Event } from '../../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../objects.ts';
import { listObjects } from '../read.ts';
import type { Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import type { Page } from './page.ts';
import { ageText } from './words.ts';

/** The Events that tell of an object; none where the server keeps none. */
export async function eventsOf({ connection, resources }: Scene, object: KubeObject): Promise<Event[]> {
  const { name, namespace, uid } = object.metadata;
  const about = { name, namespace: namespace ?? '', kind: object.kind, uid };
  const fields = Object.entries(about).map(([field, value]) => `involvedObject.${field}=${value ?? ''}`);
  try {
    const events = resourceNamed('events', await resources());
    const { items } = await listObjects<Event>(connection, events, { namespace, fields: fields.join(',') });
    return items;
  } catch {
    return [];
  }
}

export function eventRows(page: Page, events: Event[]): void {
  if (events.length === 0) {
    page.field(0, 'Events', '<none>');
    return;
  }
  page.flush().write(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n');
  page.write(1, '----\t------\t----\t----\t-------\n');
  const time = ({ lastTimestamp }: Event) => (lastTimestamp ? Date.parse(lastTimestamp) : 0);
  for (const event of [...events].sort((a, b) => time(a) - time(b))) {
    const { type, reason, source, reportingComponent, message = '', involvedObject } = event;
    const where = involvedObject.fieldPath ? `${involvedObject.fieldPath}: ` : '';
    const from = source?.component || reportingComponent || '';
    page.write(1, `${type}\t${reason}\t${age(event)}\t${from}\t${where}${message.trim()}\n`);
  }
}

function age({ eventTime, firstTimestamp, lastTimestamp, series, count = 0 }: Event): string {
  const first = ageText(eventTime ?? firstTimestamp);
  if (series) return `${ageText(series.lastObservedTime)} (x${series.count} over ${first})`;
  return count > 1 ? `${ageText(lastTimestamp)} (x${count} over ${first})` : first;
}

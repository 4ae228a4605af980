import { known, pathOf } from '../api/paths.ts';
import type { Event, Thing } from '../api/types.ts';
import { everywhere, hrefOf } from '../route.ts';
import { useObjects } from '../store/hooks.ts';
import { Age, Badge, Empty, Heading, Problem, Table } from './parts.tsx';

/** What happened in a namespace, newest first. */
export const Events = ({ namespace }: { namespace: string }) => (
  <>
    <Heading>Events</Heading>
    <EventTable namespace={namespace === everywhere ? undefined : namespace} />
  </>
);

/** `selector`: of one object only, as `kubectl describe` asks for them. */
export function EventTable({ namespace, selector }: { namespace?: string; selector?: string }) {
  const query = selector ? `?fieldSelector=${encodeURIComponent(selector)}` : '';
  const { items, problem, isLoaded } = useObjects<Event & Thing>(
    `${pathOf(known.events, namespace)}${query}`,
  );
  const newest = [...items].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
  if (problem && items.length === 0) return <Problem status={problem} doing="read events" />;
  if (isLoaded && items.length === 0) return <Empty>Nothing has happened, or it is long ago.</Empty>;
  return (
    <>
      {problem && <Problem status={problem} doing="keep events up to date" />}
      <Table label="Events" columns={['Last seen', 'Type', 'Reason', 'Object', 'What happened', 'Times']}>
        {newest.map((event) => (
          <tr key={event.metadata.uid}>
            <td>
              <Age of={timeOf(event)} />
            </td>
            <td>
              <Badge tone={event.type === 'Warning' ? 'bad' : 'quiet'}>{event.type}</Badge>
            </td>
            <td>{event.reason}</td>
            <td class="object">
              <Involved event={event} />
            </td>
            <td class="message">{event.message}</td>
            <td>{event.count ?? event.series?.count ?? 1}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Involved({ event: { involvedObject: object } }: { event: Event }) {
  const text = `${object.kind} ${object.name}`;
  if (object.kind !== 'Pod' || !object.namespace) return <>{text}</>;
  return <a href={hrefOf({ view: 'pod', namespace: object.namespace, name: object.name! })}>{text}</a>;
}

const timeOf = ({ lastTimestamp, eventTime, series, metadata }: Event): string =>
  String(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '');

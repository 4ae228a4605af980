import { known, pathOf } from '../api/paths.ts';
import type { Pod, Thing } from '../api/types.ts';
import { stateOf } from '../model/pod.ts';
import { hrefOf } from '../route.ts';
import { useObjects } from '../store/hooks.ts';
import { Age, Badge, Heading, Problem, Table } from './parts.tsx';

interface Namespace extends Thing {
  status?: { phase?: string };
}

/** All namespaces, and how their Pods fare. */
export function Namespaces() {
  const namespaces = useObjects<Namespace>(pathOf(known.namespaces, undefined));
  const pods = useObjects<Pod & Thing>(pathOf(known.pods, undefined));
  const byNamespace = Map.groupBy(pods.items, ({ metadata }) => metadata.namespace);
  return (
    <>
      <Heading>Namespaces</Heading>
      {namespaces.problem && <Problem status={namespaces.problem} doing="list namespaces" />}
      {pods.problem && <Problem status={pods.problem} doing="count Pods" />}
      <Table label="Namespaces" columns={['Name', 'Status', 'Pods', 'Age']}>
        {namespaces.items.map(({ metadata, status }) => (
          <tr key={metadata.uid}>
            <th scope="row">
              <a href={hrefOf({ view: 'workloads', namespace: metadata.name! })}>{metadata.name}</a>
            </th>
            <td>
              <Badge tone={status?.phase === 'Terminating' ? 'quiet' : 'good'}>
                {status?.phase ?? 'Active'}
              </Badge>
            </td>
            <td>{pods.problem ? 'not known' : <Counts pods={byNamespace.get(metadata.name) ?? []} />}</td>
            <td>
              <Age of={metadata.creationTimestamp} />
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function Counts({ pods }: { pods: readonly Pod[] }) {
  if (pods.length === 0) return <>none</>;
  const bad = pods.filter((pod) => stateOf(pod).tone === 'bad').length;
  const ready = pods.filter((pod) => stateOf(pod).isReady).length;
  return (
    <span class="facts">
      {ready} of {pods.length} ready {bad > 0 && <Badge tone="bad">{bad} failing</Badge>}
    </span>
  );
}

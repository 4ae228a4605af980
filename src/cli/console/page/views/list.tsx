import { pathOf } from '../api/paths.ts';
import type { Pod, Thing } from '../api/types.ts';
import { conditionOf } from '../model/condition.ts';
import { everywhere, hrefOf } from '../route.ts';
import { type Objects, useObjects, usePolled, useScene } from '../store/hooks.ts';
import { Age, Badge, Empty, Heading, Problem, Table } from './parts.tsx';

const pollMs = 10_000;

interface Place {
  namespace: string;
  group: string;
  version: string;
  plural: string;
}

/** All objects of a kind. */
export function KindList({ namespace, group, version, plural }: Place) {
  const { resources } = useScene();
  const resource = resources.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  if (!resource)
    return (
      <>
        <Heading>{plural}</Heading>
        <Empty>The server does not serve this.</Empty>
      </>
    );
  const within = namespace === everywhere ? undefined : namespace;
  const View = resource.verbs.includes('watch') ? Watched : Polled;
  const place = { namespace, group, version, plural };
  return (
    <>
      <Heading>{resource.kind}</Heading>
      <View {...place} path={pathOf(resource, within)} namespaced={resource.namespaced} />
    </>
  );
}

interface Listing extends Place {
  path: string;
  namespaced: boolean;
}

const Watched = (listing: Listing) => <Rows {...listing} objects={useObjects<Thing>(listing.path)} />;

/** What cannot be watched, such as metrics, is asked for now and then. */
function Polled(listing: Listing) {
  const { value, problem } = usePolled<{ items: Thing[] }>(listing.path, pollMs);
  return <Rows {...listing} objects={{ items: value?.items ?? [], problem, isLoaded: Boolean(value) }} />;
}

function Rows({ path: _, namespaced, objects, ...place }: Listing & { objects: Objects<Thing> }) {
  const { items, problem, isLoaded } = objects;
  if (problem && items.length === 0) return <Problem status={problem} doing="list these" />;
  if (isLoaded && items.length === 0) return <Empty>There are none.</Empty>;
  const isWide = namespaced && place.namespace === everywhere;
  return (
    <>
      {problem && <Problem status={problem} doing="keep these up to date" />}
      <Table label={place.plural} columns={[...(isWide ? ['Namespace'] : []), 'Name', 'State', 'Age']}>
        {items.map((item) => {
          const { metadata } = item;
          const state = conditionOf(item as Thing & Pod, place.plural);
          const namespace = metadata.namespace ?? place.namespace;
          return (
            <tr key={metadata.uid ?? metadata.name}>
              {isWide && <td>{metadata.namespace}</td>}
              <th scope="row">
                <a href={hrefOf({ view: 'object', ...place, namespace, name: metadata.name! })}>
                  {metadata.name}
                </a>
              </th>
              <td>{state && <Badge tone={state.tone}>{state.word}</Badge>}</td>
              <td>
                <Age of={metadata.creationTimestamp} />
              </td>
            </tr>
          );
        })}
      </Table>
    </>
  );
}

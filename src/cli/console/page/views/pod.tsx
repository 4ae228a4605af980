import { known, pathOf } from '../api/paths.ts';
import type { Pod, Thing } from '../api/types.ts';
import { runOf } from '../model/container.ts';
import { stateOf } from '../model/pod.ts';
import { hrefOf } from '../route.ts';
import { useObjects, useScene } from '../store/hooks.ts';
import { Containers } from './containers.tsx';
import { EventTable } from './events.tsx';
import { Logs } from './logs.tsx';
import { Age, Badge, Empty, Heading, Problem } from './parts.tsx';
import { Terminal } from './terminal.tsx';

/** Everything about one Pod: what its containers do and did, what they say, and what happened. */
export function PodPage({ namespace, name }: { namespace: string; name: string }) {
  const { about } = useScene();
  const path = `${pathOf(known.pods, namespace)}?fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}`;
  const { items, problem, isLoaded } = useObjects<Pod & Thing>(path);
  const pod = items[0];
  if (!pod)
    return (
      <>
        <Heading>{name}</Heading>
        {problem && <Problem status={problem} doing="read the Pod" />}
        {isLoaded && !problem && <Empty>There is no Pod of this name, or no longer.</Empty>}
      </>
    );
  const state = stateOf(pod);
  const yaml = hrefOf({ view: 'object', namespace, group: '', version: 'v1', plural: 'pods', name });
  const containers = (pod.spec?.containers ?? []).map((each) => each.name);
  const all = [...containers, ...(pod.spec?.initContainers ?? []).map((each) => each.name)];
  return (
    <>
      <Heading note={<a href={yaml}>YAML</a>}>
        <span class="kind">Pod</span> {name}
      </Heading>
      {problem && <Problem status={problem} doing="follow the Pod" />}
      <div class="facts-row" role="status">
        <Badge tone={state.tone}>{state.word}</Badge>
        <span>{state.ready} containers ready</span>
        <span>
          {state.restarts} {state.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      </div>
      <Facts pod={pod} />
      <h2>Containers</h2>
      <Containers pod={pod} />
      <Logs namespace={namespace} name={name} containers={all} runOf={(container) => runOf(pod, container)} />
      {about.isWritable && <Terminal namespace={namespace} name={name} containers={containers} />}
      <h2>Events</h2>
      <EventTable namespace={namespace} selector={`involvedObject.uid=${pod.metadata.uid}`} />
    </>
  );
}

function Facts({ pod: { metadata, spec, status } }: { pod: Pod }) {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const facts = [
    ['Node', spec?.nodeName ?? 'none yet'],
    ['Address', status?.podIP ?? 'none yet'],
    ['Made by', owner ? `${owner.kind} ${owner.name}` : 'somebody'],
    ['Account', spec?.serviceAccountName ?? 'default'],
    ['Quality of service', status?.qosClass ?? 'not known'],
  ] as const;
  return (
    <dl class="facts-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>Age</dt>
        <dd>
          <Age of={metadata.creationTimestamp} />
        </dd>
      </div>
    </dl>
  );
}

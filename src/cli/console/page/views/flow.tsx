import { useRef } from 'preact/hooks';
import type { Others, PodNode, ServiceNode, SetNode, Workload } from '../model/picture.ts';
import { DeploymentCard, PodCard, ServiceCard, SetCard } from './nodes.tsx';
import { Badge } from './parts.tsx';
import { type Wire, Wires } from './wires.tsx';

interface Shown {
  /** Whether Services could be read. */
  isKnown: boolean;
  /** Whether all namespaces are shown, so that names alone do not say enough. */
  isWide: boolean;
}

/** A Deployment with all that came of it. To a screen reader it is a list in a list: ReplicaSets, and in each its Pods. */
export function WorkloadFlow({ workload, isKnown, isWide }: Shown & { workload: Workload }) {
  const { deployment, rollout, sets, earlier, services } = workload;
  const frame = useRef<HTMLDivElement>(null);
  const { name, uid, namespace } = deployment.metadata;
  const wires: Wire[] = [
    ...sets.flatMap(({ set, isNewest, pods }) => [
      { from: uid!, to: set.metadata.uid!, tone: isNewest ? 'owner' : 'old' } as const,
      ...pods.map(({ pod }) => ({
        from: set.metadata.uid!,
        to: pod.metadata.uid!,
        tone: isNewest ? ('owner' as const) : ('old' as const),
      })),
    ]),
    ...requestWires(
      services,
      sets.flatMap(({ pods }) => pods),
    ),
  ];
  return (
    <section class="flow-card" aria-labelledby={`title-${uid}`}>
      <div class="flow-title">
        <h2 id={`title-${uid}`}>
          {isWide && <Within namespace={namespace!} />}
          {name}
        </h2>
        <Badge tone={rollout.tone}>{rollout.text}</Badge>
        <progress
          max={rollout.wanted || 1}
          value={rollout.wanted ? rollout.done : 1}
          aria-label={`Rollout of ${name}`}
        >
          {rollout.done} of {rollout.wanted}
        </progress>
      </div>
      <div class="flow" ref={frame}>
        <Wires frame={frame} wires={wires} />
        <DeploymentCard deployment={deployment} />
        <ul class="sets" aria-label="ReplicaSets">
          {sets.map((node) => (
            <SetRow key={node.set.metadata.uid} node={node} />
          ))}
        </ul>
        <Services services={services} isKnown={isKnown} />
      </div>
      {earlier.length > 0 && (
        <details class="earlier">
          <summary>
            {earlier.length} earlier {earlier.length === 1 ? 'revision' : 'revisions'} without Pods
          </summary>
          <ul>
            {earlier.map((node) => (
              <li key={node.set.metadata.uid}>
                <SetCard node={node} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

const Within = ({ namespace }: { namespace: string }) => <span class="within">{namespace} / </span>;

const SetRow = ({ node }: { node: SetNode }) => (
  <li>
    <SetCard node={node} />
    <Pods pods={node.pods} label={`Pods of revision ${node.revision}`} />
  </li>
);

const Pods = ({ pods, label }: { pods: readonly PodNode[]; label: string }) => (
  <ul class="pods" aria-label={label}>
    {pods.map((node) => (
      <PodCard key={node.pod.metadata.uid} node={node} />
    ))}
    {pods.length === 0 && <li class="none">no Pods</li>}
  </ul>
);

const Services = ({ services, isKnown }: { services: readonly ServiceNode[]; isKnown: boolean }) => (
  <ul class="services" aria-label="Services">
    {services.map((node) => (
      <ServiceCard key={node.service.metadata.uid} node={node} />
    ))}
    {services.length === 0 && (
      <li class="none">{isKnown ? 'no Service selects these Pods' : 'Services are not known'}</li>
    )}
  </ul>
);

/** Pods that no Deployment has made. */
export function OtherPods({ namespace, owner, pods, services, isKnown, isWide }: Others & Shown) {
  const frame = useRef<HTMLDivElement>(null);
  return (
    <section class="flow-card" aria-label={owner}>
      <div class="flow-title">
        <h2>
          {isWide && <Within namespace={namespace} />}
          {owner}
        </h2>
      </div>
      <div class="flow others" ref={frame}>
        <Wires frame={frame} wires={requestWires(services, pods)} />
        <Pods pods={pods} label={`Pods of ${owner}`} />
        <Services services={services} isKnown={isKnown} />
      </div>
    </section>
  );
}

/** From a Service to each Pod that it sends requests to. */
const requestWires = (services: readonly ServiceNode[], pods: readonly PodNode[]): Wire[] =>
  services.flatMap(({ service }) =>
    pods
      .filter(({ servedBy }) => servedBy.includes(service.metadata.name!))
      .map(({ pod }) => ({ from: pod.metadata.uid!, to: service.metadata.uid!, tone: 'requests' as const })),
  );

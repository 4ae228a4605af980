import { known } from '../api/paths.ts';
import type { Deployment } from '../api/types.ts';
import type { PodNode, ServiceNode, SetNode } from '../model/picture.ts';
import { shortImage } from '../model/pod.ts';
import { hrefOf } from '../route.ts';
import { Age, Badge, Sign } from './parts.tsx';

const objectHref = (
  place: keyof typeof known,
  { metadata }: { metadata: { namespace?: string; name?: string } },
) =>
  hrefOf({
    view: 'object',
    namespace: metadata.namespace!,
    group: known[place].group,
    version: known[place].version,
    plural: known[place].plural,
    name: metadata.name!,
  });

export const DeploymentCard = ({ deployment }: { deployment: Deployment }) => (
  <div class="node deployment" data-node={deployment.metadata.uid}>
    <span class="kind">Deployment</span>
    <a href={objectHref('deployments', deployment)}>{deployment.metadata.name}</a>
    <Images of={deployment.spec?.template.spec?.containers ?? []} />
    <span class="count">
      {deployment.status?.readyReplicas ?? 0} of {deployment.spec?.replicas ?? 1} ready
    </span>
  </div>
);

export const SetCard = ({ node: { set, revision, isNewest } }: { node: SetNode }) => (
  <div class={`node set ${isNewest ? 'newest' : 'old'}`} data-node={set.metadata.uid}>
    <span class="kind">ReplicaSet</span>
    <a href={objectHref('replicaSets', set)} title={set.metadata.name}>
      revision {revision}
    </a>
    <Images of={set.spec?.template?.spec?.containers ?? []} />
    <span class="count">
      {set.status?.readyReplicas ?? 0} of {set.spec?.replicas ?? 0} ready · {isNewest ? 'newest' : 'old'}
    </span>
  </div>
);

/** One Pod: its state in a word, what runs in it, and whether requests come to it. */
export const PodCard = ({ node: { pod, state, servedBy } }: { node: PodNode }) => (
  <li class={`node pod ${state.tone}`} data-node={pod.metadata.uid}>
    <a href={hrefOf({ view: 'pod', namespace: pod.metadata.namespace!, name: pod.metadata.name! })}>
      {pod.metadata.name}
    </a>
    <span class="facts">
      <Badge tone={state.tone}>{state.word}</Badge>
      <span>{state.ready} ready</span>
      {state.restarts > 0 && (
        <span class="restarts">
          {state.restarts} {state.restarts === 1 ? 'restart' : 'restarts'}
        </span>
      )}
      <span class="age">
        <Age of={pod.metadata.creationTimestamp} />
      </span>
      <span class="read-out">
        {servedBy.length ? `takes requests of ${servedBy.join(', ')}` : 'takes no requests of Services'}
      </span>
    </span>
  </li>
);

export const ServiceCard = ({ node: { service, ready } }: { node: ServiceNode }) => (
  <li class={`node service ${ready.length ? 'good' : 'busy'}`} data-node={service.metadata.uid}>
    <span class="kind">Service · {service.spec?.type ?? 'ClusterIP'}</span>
    <a href={objectHref('services', service)}>{service.metadata.name}</a>
    <span class="ports">{portsOf(service)}</span>
    <span class="count">
      <Sign tone={ready.length ? 'good' : 'busy'} />
      {ready.length} ready {ready.length === 1 ? 'address' : 'addresses'}
    </span>
    {ready.length > 0 && <span class="addresses">{shortened(ready)}</span>}
  </li>
);

const portsOf = ({ spec }: ServiceNode['service']) => {
  const ports = (spec?.ports ?? [])
    .map(({ port, targetPort }) => `${port} → ${targetPort ?? port}`)
    .join(', ');
  return spec?.clusterIP && spec.clusterIP !== 'None' ? `${spec.clusterIP} : ${ports}` : ports;
};

const mostAddresses = 6;
const shortened = (addresses: readonly string[]) =>
  addresses.length > mostAddresses
    ? `${addresses.slice(0, mostAddresses).join(', ')} and ${addresses.length - mostAddresses} more`
    : addresses.join(', ');

const Images = ({ of }: { of: readonly { image?: string }[] }) => (
  <span class="image" title={of.map(({ image }) => image).join(', ')}>
    {of.map(({ image }) => shortImage(image ?? '')).join(', ')}
  </span>
);

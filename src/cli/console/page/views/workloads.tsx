import { known, pathOf } from '../api/paths.ts';
import type { Deployment, EndpointSlice, Pod, ReplicaSet, Service, Status, Thing } from '../api/types.ts';
import { pictureOf } from '../model/picture.ts';
import { everywhere } from '../route.ts';
import { type Objects, useObjects } from '../store/hooks.ts';
import { OtherPods, WorkloadFlow } from './flow.tsx';
import { ServiceCard } from './nodes.tsx';
import { Empty, Heading, Problem } from './parts.tsx';

/** The live picture of a namespace: what made what, and who sends requests to whom. */
export function Workloads({ namespace }: { namespace: string }) {
  const within = namespace === everywhere ? undefined : namespace;
  const list = <T extends Thing>(place: Parameters<typeof pathOf>[0]) => useObjects<T>(pathOf(place, within));
  const deployments = list<Deployment & Thing>(known.deployments);
  const replicaSets = list<ReplicaSet & Thing>(known.replicaSets);
  const pods = list<Pod & Thing>(known.pods);
  const services = list<Service & Thing>(known.services);
  const slices = list<EndpointSlice & Thing>(known.endpointSlices);
  const all: [string, Objects<unknown>][] = [
    ['Deployments', deployments],
    ['ReplicaSets', replicaSets],
    ['Pods', pods],
    ['Services', services],
    ['addresses', slices],
  ];
  const isLoaded = all.every(([, each]) => each.isLoaded);
  const { workloads, others, idle } = pictureOf({
    deployments: deployments.items,
    replicaSets: replicaSets.items,
    pods: pods.items,
    services: services.items,
    slices: slices.items,
  });
  // Without Services it is not known who sends requests to whom.
  const isKnown = !services.problem && !slices.problem;
  const isEmpty = isLoaded && !workloads.length && !others.length && !idle.length;
  return (
    <>
      <Heading
        note={
          <Said
            texts={workloads.map(({ deployment, rollout }) => `${deployment.metadata.name}: ${rollout.text}`)}
          />
        }
      >
        Workloads
      </Heading>
      <Problems of={all} />
      {!isLoaded && <p class="waiting">Reading…</p>}
      {workloads.map((workload) => (
        <WorkloadFlow
          key={workload.deployment.metadata.uid}
          workload={workload}
          isKnown={isKnown}
          isWide={within === undefined}
        />
      ))}
      {others.map((each) => (
        <OtherPods
          key={`${each.namespace}/${each.owner}`}
          {...each}
          isKnown={isKnown}
          isWide={within === undefined}
        />
      ))}
      {idle.length > 0 && (
        <section class="flow-card" aria-labelledby="idle">
          <div class="flow-title">
            <h2 id="idle">Services without Pods here</h2>
          </div>
          <ul class="services in-row">
            {idle.map((each) => (
              <ServiceCard key={each.service.metadata.uid} node={each} />
            ))}
          </ul>
        </section>
      )}
      {isEmpty && !all.some(([, { problem }]) => problem) && (
        <Empty>Nothing runs here yet. What is applied to this namespace appears by itself.</Empty>
      )}
    </>
  );
}

/** Reads out how rollouts go on, politely, for those who do not see the picture. */
const Said = ({ texts }: { texts: string[] }) => (
  <p class="read-out" role="status">
    {texts.join('. ')}
  </p>
);

/** One for each way in which something went wrong: five lists of a server that is away are one, and so are five refusals. */
function Problems({ of }: { of: [string, Objects<unknown>][] }) {
  const found = of.flatMap(([name, { problem }]) => (problem ? [{ name, problem }] : []));
  const alike = Map.groupBy(found, ({ problem: { reason, message } }) => reason ?? message);
  return [...alike].map(([key, each]) => {
    const messages = [...new Set(each.map(({ problem }) => problem.message ?? ''))];
    const status: Status =
      messages.length === 1
        ? each[0]!.problem
        : { reason: each[0]!.problem.reason, details: { causes: messages.map((message) => ({ message })) } };
    return <Problem key={key} status={status} doing={`read ${each.map(({ name }) => name).join(', ')}`} />;
  });
}

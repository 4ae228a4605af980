import type { Pod } from '../../../shared/kinds/schema/types.ts';
import type { PodRef, PodSources } from '../../../shared/ports/cloud.ts';
import { clusterDomain } from '../../../shared/ports/names.ts';
import { domainOf } from '../domain.ts';

/**
 * Asks for the variables of all Services of the namespace. They stand in the task definition, which has 64 KiB: some
 * hundred Services stop every new Pod, and each new Service makes each template another definition. `enableServiceLinks`
 * cannot ask for them: the API writes `true` where a Pod says nothing.
 */
export const serviceLinks = 'shallop.dev/service-links';

const wantsLinks = ({ metadata, spec }: Pod): boolean =>
  metadata.annotations?.[serviceLinks] === 'true' && spec?.enableServiceLinks !== false;

/** The Pod with `enableServiceLinks` as it counts on Fargate. */
export const linkedAsAsked = (pod: Pod): Pod =>
  pod.spec ? { ...pod, spec: { ...pod.spec, enableServiceLinks: wantsLinks(pod) } } : pod;

/** Returns what to tell of a template whose Pods might expect variables that they do not get; undefined: nothing. */
export async function linksLeftOut(
  pod: Pod,
  { cluster, namespace }: PodRef,
  sources: Pick<PodSources, 'services'>,
): Promise<string | undefined> {
  if (wantsLinks(pod) || pod.spec?.enableServiceLinks === false) return undefined;
  const others = (await sources.services({ links: true })).filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.name !== 'kubernetes',
  );
  if (others.length === 0) return undefined;
  const name = `${others[0]?.metadata.name}.${namespace}.svc.${domainOf(clusterDomain, cluster)}`;
  return `Variables of the Services of the namespace are not set on Fargate, only KUBERNETES_*: use names (${name}), or annotate the Pods with ${serviceLinks}: "true"`;
}

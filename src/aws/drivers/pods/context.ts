import type { ObjectMeta, Pod, ServiceAccount } from '../../../shared/kinds/schema/types.ts';
import { ConfigError, type PodContext } from '../../../shared/podspec/context.ts';
import type { PodRef, PodSources, SecretReference } from '../../../shared/ports/cloud.ts';
import { clusterDomain } from '../../../shared/ports/names.ts';
import { domainOf } from '../domain.ts';
import type { VolumeParts } from '../volumes/volumeParts.ts';
import { apiHostOf, bootTokenOf, withoutApiVolume } from './apiAccess.ts';
import { lateAddress } from './late.ts';
import type { FargateOptions } from './options.ts';
import { linkedAsAsked } from './serviceLinks.ts';
import { requested, roundUp } from './sizes.ts';

/** A Pod as it is, and as any other of the same template would be: what differs between the two is its own. */
export interface Views {
  own: PodContext;
  neutral: PodContext;
  /** The copy of a Secret that ECS reads from, if there is one by now. */
  copies(name: string): Promise<SecretReference | undefined>;
  /** Gives folders of access points a way in of their own; absent: none. */
  volumeParts?: VolumeParts;
  /** Host by which the Pod reaches the API. */
  apiHost: string | undefined;
  /** Seconds between two tellings of what the Pod uses; undefined when it tells nothing. */
  tellsEvery: number | undefined;
  /** Returns what `valueFrom` takes for the boot token of the Pod's account. Throws ConfigError while there is none. */
  bootToken(): Promise<string>;
}

/** Both views of a Pod. Its address is not known yet: what holds it waits (late.ts). */
export function viewsOf(
  ref: PodRef,
  asked: Pod,
  sources: PodSources,
  {
    secrets: vault,
    volumeParts,
    ...options
  }: Pick<FargateOptions, 'secrets' | 'volumeParts' | 'apiHost' | 'podMetrics'> = {},
): Views {
  const api = apiHostOf(ref, options);
  const pod = linkedAsAsked(api ? asked : withoutApiVolume(asked));
  const size = pod.spec && roundUp(requested(pod.spec));
  const own: PodContext = {
    ref,
    pod,
    sources: onceEach(api ? sources : withoutApi(sources)),
    podIP: lateAddress,
    // A task's network interface is the only host that it has.
    hostIP: lateAddress,
    allocatable: size ? { cpu: `${(size.cpu * 1000) / 1024}m`, memory: `${size.memory}Mi` } : {},
    // Cluster IPs do not route in a VPC; the private zone has the names.
    serviceHost: ({ metadata }) =>
      (isApi(metadata) && api) ||
      `${metadata.name}.${metadata.namespace}.svc.${domainOf(clusterDomain, ref.cluster)}`,
  };
  const nobody = { ...ref, name: '\0name', uid: '\0uid' };
  const nowhere = pod.spec && { ...pod.spec, nodeName: '\0node' };
  return {
    own,
    neutral: { ...own, ref: nobody, pod: { ...pod, spec: nowhere } },
    copies: copiesIn(own, vault),
    ...(volumeParts && { volumeParts }),
    apiHost: api,
    tellsEvery: api ? options.podMetrics : undefined,
    bootToken: bootTokenOf(own, vault?.tokens),
  };
}

const isApi = ({ name, namespace }: ObjectMeta) => name === 'kubernetes' && namespace === 'default';

/** A client that finds no API says so at once; one that finds a wrong one waits for it. */
const withoutApi = (sources: PodSources): PodSources => ({
  ...sources,
  services: async (options) => (await sources.services(options)).filter(({ metadata }) => !isApi(metadata)),
});

/** Asks once for each Secret, however many of its keys are used. */
function copiesIn({ ref, sources }: PodContext, vault: FargateOptions['secrets']): Views['copies'] {
  return once(async (name) => {
    const secret = await sources.secret(name);
    if (!secret) throw new ConfigError(`secret "${name}" not found`);
    const { cluster, namespace } = ref;
    return vault?.find({ cluster, namespace, name, uid: secret.metadata.uid ?? '' }, secret);
  });
}

function once<T>(read: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const found = known.get(name) ?? read(name);
    known.set(name, found);
    return found;
  };
}

/** Reads each object once while a task is put together. */
function onceEach(sources: PodSources): PodSources {
  const services = once((which) => sources.services({ links: which === 'linked' }));
  const serviceAccount = once<ServiceAccount | undefined>(async (name) => sources.serviceAccount?.(name));
  return {
    ...sources,
    // None is made here: a container of the task asks for it.
    token: async () => '',
    configMap: once((name) => sources.configMap(name)),
    secret: once((name) => sources.secret(name)),
    services: (options) => services(options?.links === false ? 'api' : 'linked'),
    serviceAccount,
  };
}

/**
 * Returns what `valueFrom` of a container's secret takes for a key. Throws ConfigError while there is no copy to read.
 */
export async function secretArn({ copies }: Views, name: string): Promise<string> {
  const found = await copies(name);
  if (!found) throw new ConfigError(`secret "${name}" has not been copied to Secrets Manager yet`);
  return found.arn;
}

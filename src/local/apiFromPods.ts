import type { Service } from '../shared/kinds/schema/types.ts';
import type { PodSources } from '../shared/ports/cloud.ts';

const httpsPort = 443;

/**
 * Where this machine does not answer on the cluster IP of the API's Service, Pods have its network: their environment
 * names the address that the API listens on, for which its certificate is good as well.
 */
export function reachingApi(
  sources: PodSources,
  lowestPort: number,
  api: { address: string; port: number },
): PodSources {
  if (lowestPort <= httpsPort) return sources;
  const withAddress = (service: Service): Service =>
    service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes'
      ? {
          ...service,
          spec: {
            ...service.spec,
            clusterIP: api.address,
            ports: service.spec?.ports?.map((each) => ({ ...each, port: api.port })) ?? [],
          },
        }
      : service;
  return { ...sources, services: async (options) => (await sources.services(options)).map(withAddress) };
}

import type { Reached } from '../../podNetwork.ts';
import type { ContainerInspect, ContainerSummary } from './answers.ts';

/** Describes where on loopback the ports of Pods answer whose addresses are not reached from this machine. */
export interface PublishedPorts {
  /** Takes over what an engine tells of the container that has a Pod's ports. */
  learn(container: ContainerInspect): void;
  learnListed(container: ContainerSummary): void;
  forget(address: string): void;
  find: Reached;
}

const host = '127.0.0.1';
/** Says where nothing listens, so that a port which is not published refuses, as the Pod itself would. */
const closedPort = 1;

export function openPublishedPorts(): PublishedPorts {
  const byAddress = new Map<string, Map<string, number>>();
  const keep = (address: string, ports: [string, number][]) => {
    if (address) byAddress.set(address, new Map(ports));
  };
  return {
    learn: ({ NetworkSettings }) =>
      keep(
        addressIn(NetworkSettings),
        Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, bindings]) => {
          const [binding] = bindings ?? [];
          return binding ? [[port, Number(binding.HostPort)]] : [];
        }),
      ),
    learnListed: ({ NetworkSettings, Ports }) =>
      keep(
        addressIn(NetworkSettings),
        (Ports ?? []).flatMap(({ PrivatePort, PublicPort, Type = 'tcp' }) =>
          PublicPort ? [[`${PrivatePort}/${Type}`, PublicPort]] : [],
        ),
      ),
    forget: (address) => void byAddress.delete(address),
    find(address, port, protocol = 'tcp') {
      const ports = byAddress.get(address);
      return ports ? { host, port: ports.get(`${port}/${protocol}`) ?? closedPort } : { host: address, port };
    },
  };
}

/** A Pod's address, in whichever network of the engine it is. */
export const addressIn = (
  settings: { Networks?: Record<string, { IPAddress?: string }> | null } = {},
): string => Object.values(settings.Networks ?? {}).find(({ IPAddress }) => IPAddress)?.IPAddress ?? '';

/** The address of the engine's bridge that a Pod is on; undefined where there is none. */
export const gatewayIn = (settings: ContainerInspect['NetworkSettings'] = {}): string | undefined =>
  Object.values(settings.Networks ?? {}).find(({ Gateway }) => Gateway)?.Gateway;

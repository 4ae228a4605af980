import type { Pod, Protocol, Service, ServicePort } from '../../kinds/schema/types.ts';
import { isReady, isTerminal } from '../common/pods.ts';
import { selectsMap } from '../common/selector.ts';

/** A Pod as a Service sees it. */
export interface Member {
  pod: Pod;
  address: string;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  ports: MemberPort[];
}

/** Is a port of a Service as one Pod serves it, after a named targetPort has been looked up in the Pod. */
export interface MemberPort {
  name: string;
  protocol: Protocol;
  port: number;
  appProtocol?: string;
}

/** Returns whether the Service selects the Pod. A Service without a selector selects none, not all. */
export const selectsPod = ({ spec }: Service, pod: Pod): boolean =>
  !!spec?.selector && Object.keys(spec.selector).length > 0 && selectsMap(spec.selector, pod.metadata.labels);

/** The Pods behind a Service, by name: those with an address that have not ended. */
export function membersOf(service: Service, pods: Pod[]): Member[] {
  return pods
    .filter((pod) => selectsPod(service, pod) && pod.status?.podIP && !isTerminal(pod))
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    .map((pod) => {
      const serving = isReady(pod);
      const terminating = !!pod.metadata.deletionTimestamp;
      const ready = !!service.spec?.publishNotReadyAddresses || (serving && !terminating);
      const ports = (service.spec?.ports ?? []).flatMap((port) => portOf(port, pod));
      return { pod, address: pod.status?.podIP ?? '', ready, serving, terminating, ports };
    });
}

/** None when the Pod has no port of that name. */
function portOf(port: ServicePort, pod: Pod): MemberPort[] {
  const protocol = port.protocol ?? 'TCP';
  const { name = '', appProtocol } = port;
  const target = port.targetPort || port.port;
  const containers = [
    ...(pod.spec?.containers ?? []),
    ...(pod.spec?.initContainers ?? []).filter((c) => c.restartPolicy === 'Always'),
  ];
  const number =
    typeof target === 'number'
      ? target
      : containers
          .flatMap((c) => c.ports ?? [])
          .find((p) => p.name === target && (p.protocol ?? 'TCP') === protocol)?.containerPort;
  return number === undefined ? [] : [{ name, protocol, port: number, ...(appProtocol && { appProtocol }) }];
}

/** Refers to the Pod behind an address, as Endpoints and EndpointSlices do. */
export const targetRefOf = ({ metadata: { namespace = '', name = '', uid = '' } }: Pod) => ({
  kind: 'Pod',
  namespace,
  name,
  uid,
});

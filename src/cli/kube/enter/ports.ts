import type { KubeObject } from '../objects.ts';
import type { Pod } from '../pods.ts';

/** A port of this machine that leads to one of a Pod. `local` 0: any free one. */
export interface Forwarded {
  local: number;
  remote: number;
}

interface ServicePort {
  name?: string;
  port: number;
  targetPort?: number | string;
  protocol?: string;
}

interface ContainerPort {
  name?: string;
  containerPort: number;
  protocol?: string;
}

/** Reads `8080`, `8080:80`, `:http`: of a Service its own ports, else those of the Pod. Throws in kubectl's words. */
export function portsOf(words: string[], object: KubeObject, pod: Pod): Forwarded[] {
  return words.map((word) => {
    const parts = word.split(':');
    if (parts.length > 2) throw new Error(`invalid port format '${word}'`);
    const [local, remote] = [parts[0]!, parts.at(-1)!];
    if (!remote) throw new Error('remote port cannot be empty');
    const found = object.kind === 'Service' ? ofService(object, pod, remote) : ofPod(pod, remote);
    // `http` means the same number on both sides.
    const own = parts.length === 1 ? String(found.own) : local || '0';
    return { local: portNumber(own, 'local'), remote: portNumber(String(found.target), 'remote') };
  });
}

function portNumber(text: string, which: 'local' | 'remote'): number {
  const why = !/^\d+$/.test(text) ? 'invalid syntax' : Number(text) > 65_535 ? 'value out of range' : '';
  if (why)
    throw new Error(`error parsing ${which} port '${text}': strconv.ParseUint: parsing "${text}": ${why}`);
  if (which === 'remote' && Number(text) === 0) throw new Error('remote port must be > 0');
  return Number(text);
}

/** `own` is what one number alone means on this machine. */
interface Found {
  own: number;
  target: number;
}

function ofService({ metadata, spec }: KubeObject, pod: Pod, remote: string): Found {
  const { ports = [], clusterIP } = spec as { ports?: ServicePort[]; clusterIP?: string };
  const isNumber = /^\d+$/.test(remote);
  const port = ports.find((each) => (isNumber ? each.port === Number(remote) : each.name === remote));
  if (!port)
    throw new Error(
      isNumber
        ? `Service ${metadata.name} does not have a service port ${remote}`
        : `Service '${metadata.name}' does not have a named port '${remote}'`,
    );
  refuseUdp(
    ports.filter((each) => each.port === port.port),
    remote,
  );
  const { targetPort = port.port } = port;
  if (clusterIP === 'None') return { own: port.port, target: port.port };
  const target = typeof targetPort === 'number' ? targetPort || port.port : namedPort(pod, targetPort);
  return { own: port.port, target };
}

function ofPod(pod: Pod, remote: string): Found {
  const target = /^\d+$/.test(remote) ? Number(remote) : namedPort(pod, remote);
  refuseUdp(
    containerPorts(pod).filter((each) => each.containerPort === target),
    remote,
  );
  return { own: target, target };
}

const containerPorts = ({ spec }: Pod): ContainerPort[] =>
  (spec.containers as { ports?: ContainerPort[] }[]).flatMap(({ ports }) => ports ?? []);

function namedPort(pod: Pod, name: string): number {
  const found = containerPorts(pod).find((each) => each.name === name);
  if (!found) throw new Error(`Pod '${pod.metadata.name}' does not have a named port '${name}'`);
  return found.containerPort;
}

function refuseUdp(ports: { protocol?: string }[], remote: string): void {
  if (ports.length && ports.every(({ protocol }) => protocol === 'UDP'))
    throw new Error(`UDP protocol is not supported for ${remote}`);
}

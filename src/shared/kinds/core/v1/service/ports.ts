import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123LabelProblems, qualifiedNameProblems } from '../../../../meta/names.ts';
import type { ServicePort, ServiceSpec } from '../../../schema/types.ts';
import { duplicate, forbidden, invalidValue, required } from '../../../validation/causes.ts';
import { portNumberOrName } from '../../../validation/ports.ts';
import { protocols } from '../../../validation/protocols.ts';
import { checked, oneOf, portNumber } from '../../../validation/rules.ts';
import { hasNodePorts } from './types.ts';

/** Returns what is wrong with the ports of a Service; several ports need names. */
export function validPorts(ports: ServicePort[]): Cause[] {
  const names = new Set<string>();
  return ports.flatMap((port, i) => {
    const at = `spec.ports[${i}]`;
    const { name, appProtocol } = port;
    const causes: Cause[] = [];
    if (name) {
      addAll(causes, checked(`${at}.name`, name, dns1123LabelProblems));
      if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
      names.add(name);
    } else if (ports.length > 1) {
      causes.push(required(`${at}.name`));
    }
    addAll(causes, portNumber(`${at}.port`, port.port));
    addAll(causes, oneOf(`${at}.protocol`, port.protocol, protocols));
    addAll(causes, portNumberOrName(`${at}.targetPort`, port.targetPort ?? 0));
    if (appProtocol !== undefined) {
      addAll(causes, checked(`${at}.appProtocol`, appProtocol, qualifiedNameProblems));
    }
    return causes;
  });
}

/** Neither a node port nor a port may be there twice for one protocol. */
export function validNodePorts(ports: ServicePort[], type: string | undefined): Cause[] {
  const causes: Cause[] = [];
  if (type === 'ClusterIP') {
    ports.forEach(({ nodePort }, i) => {
      const why = "may not be used when `type` is 'ClusterIP'";
      if (nodePort) causes.push(forbidden(`spec.ports[${i}].nodePort`, why));
    });
  }
  addAll(
    causes,
    repeated(ports, ({ nodePort }) => nodePort).map((i) =>
      duplicate(`spec.ports[${i}].nodePort`, ports[i]!.nodePort),
    ),
    repeated(ports, ({ port }) => port).map((i) => duplicate(`spec.ports[${i}]`, shownKey(ports[i]!))),
  );
  return causes;
}

/** One node port cannot lead to two ports of one protocol. */
export function repeatedNodePorts(spec: ServiceSpec): Cause[] {
  const { ports = [] } = spec;
  if (!hasNodePorts(spec)) return [];
  return repeated(ports, ({ nodePort }) => nodePort).map((i) =>
    invalidValue(`spec.ports[${i}].nodePort`, ports[i]!.nodePort, 'provided port is already allocated'),
  );
}

/** The places of ports whose number an earlier one has too. */
function repeated(ports: ServicePort[], numberOf: (port: ServicePort) => number | undefined): number[] {
  const seen = new Set<string>();
  return ports.flatMap((port, i) => {
    const number = numberOf(port);
    if (!number) return [];
    const key = `${port.protocol} ${number}`;
    if (seen.has(key)) return [i];
    seen.add(key);
    return [];
  });
}

/** Returns what Kubernetes shows of a port that is there twice. */
const shownKey = ({ protocol, port }: ServicePort) => ({
  Name: '',
  Protocol: protocol,
  AppProtocol: null,
  Port: port,
  TargetPort: 0,
  NodePort: 0,
});

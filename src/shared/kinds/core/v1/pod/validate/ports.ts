import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { portNameProblems } from '../../../../../meta/names.ts';
import type { ContainerPort } from '../../../../schema/types.ts';
import { duplicate, invalidValue, required } from '../../../../validation/causes.ts';
import { protocols } from '../../../../validation/protocols.ts';
import { oneOf, portNumber } from '../../../../validation/rules.ts';

/** Returns what is wrong with the ports of a container. Port numbers may repeat, their names may not. */
export function validPorts(field: string, ports: ContainerPort[]): Cause[] {
  const names = new Set<string>();
  return ports.flatMap((port, i) => {
    const at = `${field}[${i}]`;
    const causes = port.name ? validName(`${at}.name`, port.name, names) : [];
    if (port.containerPort) addAll(causes, portNumber(`${at}.containerPort`, port.containerPort));
    else causes.push(required(`${at}.containerPort`));
    if (port.hostPort) addAll(causes, portNumber(`${at}.hostPort`, port.hostPort));
    addAll(causes, oneOf(`${at}.protocol`, port.protocol, protocols));
    return causes;
  });
}

function validName(field: string, name: string, names: Set<string>): Cause[] {
  const problems = portNameProblems(name);
  if (problems.length > 0) return problems.map((why) => invalidValue(field, name, why));
  if (names.has(name)) return [duplicate(field, name)];
  names.add(name);
  return [];
}

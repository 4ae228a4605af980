import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../../meta/names.ts';
import type { EndpointAddress, EndpointPort, EndpointSubset, Endpoints } from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { endpointIP } from '../../../validation/ip.ts';
import { legacyIP, legacyIPWarnings } from '../../../validation/legacyIP.ts';
import { protocols } from '../../../validation/protocols.ts';
import { checked, oneOf, portNumber } from '../../../validation/rules.ts';

export const validate = ({ subsets = [] }: Endpoints): Cause[] =>
  subsets.flatMap((subset, i) => validSubset(`subsets[${i}]`, subset));

/** The controller writes its addresses as they should be. */
export function warnings({ metadata, subsets = [] }: Endpoints): string[] {
  if (metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return subsets.flatMap((subset, i) =>
    (['addresses', 'notReadyAddresses'] as const).flatMap((list) =>
      (subset[list] ?? []).flatMap(({ ip }, j) => legacyIPWarnings(`subsets[${i}].${list}[${j}].ip`, ip)),
    ),
  );
}

function validSubset(field: string, subset: EndpointSubset): Cause[] {
  const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
  const causes: Cause[] = [];
  if (addresses.length === 0 && notReadyAddresses.length === 0) {
    causes.push(required(field, 'must specify `addresses` or `notReadyAddresses`'));
  }
  addAll(
    causes,
    addresses.flatMap((a, i) => validAddress(`${field}.addresses[${i}]`, a)),
  );
  addAll(
    causes,
    notReadyAddresses.flatMap((a, i) => validAddress(`${field}.notReadyAddresses[${i}]`, a)),
  );
  addAll(
    causes,
    ports.flatMap((port, i) => validPort(`${field}.ports[${i}]`, port, ports.length > 1)),
  );
  return causes;
}

function validAddress(field: string, { ip, hostname, nodeName }: EndpointAddress): Cause[] {
  const causes = legacyIP(`${field}.ip`, ip);
  if (hostname) addAll(causes, checked(`${field}.hostname`, hostname, dns1123LabelProblems));
  if (nodeName !== undefined) {
    addAll(causes, checked(`${field}.nodeName`, nodeName, dns1123SubdomainProblems));
  }
  addAll(causes, endpointIP(`${field}.ip`, ip));
  return causes;
}

function validPort(field: string, port: EndpointPort, needsName: boolean): Cause[] {
  const causes: Cause[] = [];
  if (port.name) addAll(causes, checked(`${field}.name`, port.name, dns1123LabelProblems));
  else if (needsName) causes.push(required(`${field}.name`));
  addAll(causes, portNumber(`${field}.port`, port.port));
  addAll(causes, oneOf(`${field}.protocol`, port.protocol, protocols));
  if (port.appProtocol !== undefined) {
    addAll(causes, checked(`${field}.appProtocol`, port.appProtocol, qualifiedNameProblems));
  }
  return causes;
}

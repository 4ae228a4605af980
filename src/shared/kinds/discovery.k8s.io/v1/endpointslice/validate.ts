import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import {
  dns1123LabelProblems,
  dns1123SubdomainProblems,
  qualifiedNameProblems,
} from '../../../../meta/names.ts';
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice } from '../../../schema/types.ts';
import { duplicate, invalidValue, required, tooMany } from '../../../validation/causes.ts';
import { endpointIP, validIP } from '../../../validation/ip.ts';
import { isIPv4, isIPv6 } from '../../../validation/ipSyntax.ts';
import { protocols } from '../../../validation/protocols.ts';
import { checked, immutable, oneOf } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { validDomain, validHints } from './validateParts.ts';

const most = { endpoints: 1000, addresses: 100, ports: 20_000, topology: 16 };

export function validate(slice: EndpointSlice, old?: EndpointSlice): Cause[] {
  const causes = oneOf('addressType', slice.addressType, ['FQDN', 'IPv4', 'IPv6']);
  addAll(causes, validPorts(slice.ports ?? []));
  const found = validEndpoints(slice.endpoints ?? [], slice.addressType);
  // What an older server has let in may stay.
  if (!old || (found.length > 0 && !isSame(slice.endpoints, old.endpoints))) addAll(causes, found);
  if (old) addAll(causes, immutable('addressType', slice.addressType, old.addressType));
  return causes;
}

function validPorts(ports: DiscoveryV1EndpointPort[]): Cause[] {
  if (ports.length > most.ports) return [tooMany('ports', ports.length, most.ports)];
  const names = new Set<string>();
  return ports.flatMap(({ name = '', protocol, appProtocol }, i) => {
    const field = `ports[${i}]`;
    const causes = name ? checked(`${field}.name`, name, dns1123LabelProblems) : [];
    if (names.has(name)) causes.push(duplicate(`${field}.name`, name));
    names.add(name);
    addAll(causes, oneOf(`${field}.protocol`, protocol, protocols));
    if (appProtocol !== undefined) {
      addAll(causes, checked(`${field}.appProtocol`, appProtocol, qualifiedNameProblems));
    }
    return causes;
  });
}

function validEndpoints(endpoints: Endpoint[], type: string): Cause[] {
  if (endpoints.length > most.endpoints) return [tooMany('endpoints', endpoints.length, most.endpoints)];
  return endpoints.flatMap((endpoint, i) => validEndpoint(`endpoints[${i}]`, endpoint, type));
}

function validEndpoint(field: string, endpoint: Endpoint, type: string): Cause[] {
  const { addresses = [], nodeName, hostname, hints, deprecatedTopology = {} } = endpoint;
  const list = `${field}.addresses`;
  const causes: Cause[] = [];
  if (addresses.length === 0) causes.push(required(list, 'must contain at least 1 address'));
  if (addresses.length > most.addresses) causes.push(tooMany(list, addresses.length, most.addresses));
  addAll(
    causes,
    addresses.flatMap((address, i) => validAddress(list, i, address, type)),
  );
  if (nodeName !== undefined) {
    addAll(causes, checked(`${field}.nodeName`, nodeName, dns1123SubdomainProblems));
  }
  const labels = Object.keys(deprecatedTopology).length;
  if (labels > most.topology) causes.push(tooMany(`${field}.deprecatedTopology`, labels, most.topology));
  if (hostname !== undefined) addAll(causes, checked(`${field}.hostname`, hostname, dns1123LabelProblems));
  if (hints) addAll(causes, validHints(`${field}.hints`, hints));
  return causes;
}

function validAddress(list: string, i: number, address: string, type: string): Cause[] {
  const field = `${list}[${i}]`;
  if (type === 'FQDN') return validDomain(field, address);
  if (type !== 'IPv4' && type !== 'IPv6') return [];
  const causes = validIP(field, address);
  if (causes.length > 0) return causes;
  if (type === 'IPv4' ? !isIPv4(address) : !isIPv6(address)) {
    causes.push(invalidValue(list, address, `must be an ${type} address`));
  }
  addAll(causes, endpointIP(field, address));
  return causes;
}

import type { Ids } from '../../clock/ids.ts';
import { ApiError, type Cause } from '../../errors/apiError.ts';
import { invalid } from '../../errors/common.ts';
import { chooseFamilies } from '../../kinds/core/v1/service/families.ts';
import { hasClusterIP, hasHealthCheckNodePort, hasNodePorts } from '../../kinds/core/v1/service/types.ts';
import type { Service, ServiceSpec } from '../../kinds/schema/types.ts';
import { withoutZeros } from '../../kinds/validation/ipSyntax.ts';
import type { Admission, AdmissionPlugin } from '../plugin.ts';
import type { Range } from './range.ts';
import type { Reservations } from './reservations.ts';

export interface ServiceAddressesOptions {
  reservations: Reservations;
  ids: Ids;
  addresses: Range;
  ports: Range;
}

/** Allocates cluster IPs and node ports, and reserves those that were asked for. */
export const serviceAddresses = (options: ServiceAddressesOptions): AdmissionPlugin => ({
  name: 'ServiceAddresses',
  resources: ['services'],
  allocate: async (admission) => {
    const { operation, subresource, object, old } = admission;
    const service = object as unknown as Service | undefined;
    if (operation === 'delete' || subresource || !service?.spec) return undefined;
    const taken: string[] = [];
    const undo = async () => {
      for (const value of taken) await options.reservations.give(value);
    };
    const lease: Lease = { ...options, admission, taken };
    try {
      const before = (old as unknown as Service | undefined)?.spec;
      await leaseAddress(lease, service.spec, before);
      await leasePorts(lease, service.spec, before);
      await leaseHealthCheck(lease, service.spec, before);
    } catch (error) {
      await undo();
      throw error;
    }
    return undo;
  },
});

interface Lease extends ServiceAddressesOptions {
  admission: Admission;
  taken: string[];
}

async function leaseAddress(lease: Lease, spec: ServiceSpec, before?: ServiceSpec): Promise<void> {
  if (!hasClusterIP(spec)) return;
  chooseFamilies(spec);
  const wanted = spec.clusterIP || spec.clusterIPs?.[0] || '';
  if (wanted === 'None') {
    spec.clusterIP = 'None';
    spec.clusterIPs = ['None'];
    return;
  }
  if (wanted && wanted === before?.clusterIP) return;
  const { addresses } = lease;
  if (wanted) {
    const field = 'spec.clusterIPs';
    const refuse = (why: string) =>
      refused(lease, field, [wanted], `failed to allocate IP ${wanted}: ${why}`);
    const plain = withoutZeros(wanted);
    if (!addresses.includes(plain)) throw refuse('the provided network does not match the current range');
    if (!(await take(lease, plain))) throw refuse('provided IP is already allocated');
  }
  const address = wanted || (await choose(lease, addresses));
  spec.clusterIP = address;
  spec.clusterIPs = [address];
}

async function leasePorts(lease: Lease, spec: ServiceSpec, before?: ServiceSpec): Promise<void> {
  if (!hasNodePorts(spec)) return;
  const kept = new Set((before?.ports ?? []).map(({ nodePort }) => nodePort));
  const automatic = spec.type === 'NodePort' || spec.allocateLoadBalancerNodePorts !== false;
  for (const [i, port] of (spec.ports ?? []).entries()) {
    const { nodePort } = port;
    if (nodePort && kept.has(nodePort)) continue;
    if (nodePort) await takePort(lease, nodePort, `spec.ports[${i}].nodePort`);
    else if (automatic) port.nodePort = Number(await choose(lease, lease.ports));
  }
}

/** Where a balancer asks a node whether it has Pods of the Service. */
async function leaseHealthCheck(lease: Lease, spec: ServiceSpec, before?: ServiceSpec): Promise<void> {
  if (!hasHealthCheckNodePort(spec)) return;
  const { healthCheckNodePort: port } = spec;
  if (port && port === before?.healthCheckNodePort) return;
  if (port) await takePort(lease, port, 'spec.healthCheckNodePort');
  else spec.healthCheckNodePort = Number(await choose(lease, lease.ports));
}

async function takePort(lease: Lease, port: number, field: string): Promise<void> {
  const { ports, taken } = lease;
  if (!ports.includes(String(port)))
    throw refused(
      lease,
      field,
      port,
      `provided port is not in the valid range. The range of valid ports is ${ports.text}`,
    );
  // One node port may serve the same port over two protocols.
  if (taken.includes(String(port))) return;
  if (!(await take(lease, String(port))))
    throw refused(lease, field, port, 'provided port is already allocated');
}

async function take({ admission, reservations, taken }: Lease, value: string): Promise<boolean> {
  const { cluster, namespace, object, name, dryRun } = admission;
  if (dryRun) return !(await reservations.taken()).has(value);
  const service = { namespace, name: object?.metadata.name ?? name };
  const isOurs = await reservations.take(value, { cluster, service });
  if (isOurs) taken.push(value);
  return isOurs;
}

const guesses = 16;

/** Guesses, which succeed at once in a range that is mostly free; then looks for what is left. */
async function choose(lease: Lease, range: Range): Promise<string> {
  const { ids, reservations } = lease;
  for (let i = 0; i < guesses; i++) {
    const value = range.at(Math.floor(ids.random() * range.size));
    if (await take(lease, value)) return value;
  }
  const gone = await reservations.taken();
  for (let i = 0; i < range.size; i++) {
    const value = range.at(i);
    if (!gone.has(value) && (await take(lease, value))) return value;
  }
  throw new ApiError('InternalError', `failed to allocate from ${range.text}: range is full`);
}

function refused({ admission }: Lease, field: string, value: unknown, why: string): ApiError {
  const cause: Cause = {
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
    field,
  };
  return invalid('Service', '', admission.object?.metadata.name ?? admission.name, [cause]);
}

import type { AnyObject } from '../../../../meta/object.ts';
import type {
  PersistentVolumeClaim,
  ResourceQuotaSpec,
  ResourceV1ResourceClaim,
  Service,
} from '../../../schema/types.ts';
import type { Amounts } from '../amounts.ts';
import { hasNodePorts, isLoadBalancer, needsNodePorts } from '../service/types.ts';
import { claimUsage, countsForClaims } from './claims.ts';
import { countsForDevices, deviceUsage } from './devices.ts';
import { countsForPods, podUsage, whatPodLacks } from './pods.ts';
import { claimIsIn, podIsIn, type Requirement } from './scopes.ts';

/** Describes how objects of one resource use quotas. */
export interface Usage {
  /** Returns whether objects of the resource use what is called so in quotas. */
  counts(name: string): boolean;
  /** `now`: milliseconds since the epoch; Pods that should long be gone use nothing. */
  of(object: AnyObject, now: number): Amounts;
  /** Absent: the objects are in no scope. */
  isIn?(requirement: Requirement, object: AnyObject): boolean;
  /** Returns why an object may not come under a quota of these names. */
  lacks?(object: AnyObject, names: string[]): string | undefined;
}

/** @param resource `pods`, `deployments.apps`. */
export const usageOf = (resource: string): Usage => special[resource] ?? counting(resource);

/** Returns whether an object is in every scope of a quota. */
export const isInScopes = (spec: ResourceQuotaSpec | undefined, usage: Usage, object: AnyObject): boolean =>
  requirementsOf(spec).every((requirement) => usage.isIn?.(requirement, object) ?? false);

const requirementsOf = ({ scopes = [], scopeSelector }: ResourceQuotaSpec = {}): Requirement[] => [
  ...scopes.map((scopeName): Requirement => ({ scopeName, operator: 'Exists' })),
  ...(scopeSelector?.matchExpressions ?? []),
];

/** Virtual, or never counted. */
export const hasNoQuota = (resource: string): boolean =>
  ['events', 'events.events.k8s.io', 'bindings'].includes(resource);

/** Resources whose objects use a quota of this name, beyond Pods, claims and devices. */
export function countedResource(name: string): string | undefined {
  if (name.startsWith('count/')) return name.slice('count/'.length);
  if (aliases.includes(name)) return name;
  return name === 'services' || name.startsWith('services.') ? 'services' : undefined;
}

/** Names from before everything could be counted. */
const aliases = ['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets'];

function counting(resource: string): Usage {
  const names = [`count/${resource}`, ...(aliases.includes(resource) ? [resource] : [])];
  const one = Object.fromEntries(names.map((name) => [name, '1']));
  return { counts: (name) => names.includes(name), of: () => one };
}

const special: Readonly<Record<string, Usage>> = {
  pods: { counts: countsForPods, of: podUsage, isIn: podIsIn, lacks: whatPodLacks },
  persistentvolumeclaims: {
    counts: countsForClaims,
    of: (claim) => claimUsage(claim as unknown as PersistentVolumeClaim),
    isIn: claimIsIn,
  },
  'resourceclaims.resource.k8s.io': {
    counts: countsForDevices,
    of: (claim) => deviceUsage(claim as unknown as ResourceV1ResourceClaim),
  },
  services: {
    counts: (name) =>
      ['count/services', 'services', 'services.nodeports', 'services.loadbalancers'].includes(name),
    of: (service) => serviceUsage(service as unknown as Service),
  },
};

/** Node ports are counted as they are wanted: they are given out later. */
function serviceUsage({ spec = {} }: Service): Amounts {
  const ports = spec.ports ?? [];
  const given = needsNodePorts(spec) ? ports : ports.filter(({ nodePort }) => nodePort);
  return {
    'count/services': '1',
    services: '1',
    'services.nodeports': `${hasNodePorts(spec) ? given.length : 0}`,
    'services.loadbalancers': isLoadBalancer(spec) ? '1' : '0',
  };
}

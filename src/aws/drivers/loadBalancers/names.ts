import { createHash } from 'node:crypto';
import type { ServiceRef } from '../../../shared/ports/cloud.ts';
import type { Scheme } from './stack.ts';

/** Names of at most 32 characters, from UIDs: the same Service gets the same names in every process. */

const prefix = 'sh';
const hash = (length: number, ...parts: string[]) =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);
const clean = (text: string, length: number) => text.replace(/[^a-zA-Z0-9]/g, '').slice(0, length);

/** 14 hex digits that stand for a Service in names and descriptions. */
export const serviceHash = (
  deployment: string,
  { cluster, uid }: Pick<ServiceRef, 'cluster' | 'uid'>,
): string => hash(14, deployment, cluster, uid);

/** The scheme is part of it, since it cannot be changed: the other scheme is another load balancer. */
export const loadBalancerName = (deployment: string, ref: ServiceRef, scheme: Scheme): string =>
  `${prefix}-${clean(ref.name, 12)}-${hash(14, serviceHash(deployment, ref), scheme)}`;

/** `group`: the value of the annotation shallop.dev/shared-lb; one for each logical cluster. */
export const sharedName = (deployment: string, cluster: string, group: string, scheme: Scheme): string =>
  `${prefix}-${clean(group, 12)}-${hash(14, deployment, cluster, group, scheme)}`;

/** Protocol, port and load balancer are part of it, since they cannot be changed. */
export const targetGroupName = (
  service: string,
  port: number,
  protocol: string,
  loadBalancer: string,
): string => `${prefix}-${service}-${port}-${hash(8, protocol, loadBalancer)}`;

/** Names a target group of an Ingress. `settings` are those that cannot be changed later: others change the name. */
export const webTargetGroupName = (ingress: string, settings: string[]): string =>
  `${prefix}-${ingress}-${hash(12, ...settings)}`;

/** Names the target group by which requests to one Service port of an Ingress come to a function. */
export const functionTargetGroupName = (
  ingress: string,
  label: string,
  service: string,
  port: string,
): string => webTargetGroupName(ingress, ['function', label, service, port]);

export const isTargetGroupOf = (service: string, name: string): boolean =>
  name.startsWith(`${prefix}-${service}-`);

/** Returns whether the name may be one of ours, in any deployment: tags decide. */
export const mayBeOurs = (name: string): boolean => name.startsWith(`${prefix}-`);

/** Security groups of load balancers have names of their own, since those of the console have too. */
export const securityGroupName = (loadBalancer: string): string => `shallop ${loadBalancer}`;

/** A short stable text for settings that are too long for a tag. */
export const fingerprint = (settings: unknown): string => hash(16, JSON.stringify(settings));

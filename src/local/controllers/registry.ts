import type { Controller } from '../../shared/controllers/controller.ts';
import { controllers as shared } from '../../shared/controllers/registry.ts';
import { ingressRouter } from './ingressrouter/index.ts';
import { ipAddress } from './ipaddress/index.ts';
import { networkPolicyEnforcement } from './networkpolicy/index.ts';
import { serviceCidr } from './servicecidr/index.ts';

/** The controllers on one machine: those of every plane, the router of Ingresses, the filters of Pods, and the ranges of Services. */
export const controllers: Controller[] = [
  ...shared,
  ingressRouter,
  networkPolicyEnforcement,
  ipAddress,
  serviceCidr,
];

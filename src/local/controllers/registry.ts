import type { Controller } from '../../shared/controllers/controller.ts';
import { controllers as shared } from '../../shared/controllers/registry.ts';
import { scaleToZero } from '../../shared/controllers/scaletozero/index.ts';
import { gatewayRouter } from './gateway/index.ts';
import { imageGarbageCollection } from './imagegc/index.ts';
import { ingressRouter } from './ingressrouter/index.ts';
import { ipAddress } from './ipaddress/index.ts';
import { networkPolicyEnforcement } from './networkpolicy/index.ts';
import { serviceCidr } from './servicecidr/index.ts';

/** The controllers on one machine: those of every plane, the routers of Ingresses and Gateways, the filters of Pods, the ranges of Services, who sleeps, and what keeps the disk from filling. */
export const controllers: Controller[] = [
  ...shared,
  ingressRouter,
  gatewayRouter,
  imageGarbageCollection,
  networkPolicyEnforcement,
  ipAddress,
  serviceCidr,
  scaleToZero,
];

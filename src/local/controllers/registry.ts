import type { Controller } from '../../shared/controllers/controller.ts';
import { controllers as shared } from '../../shared/controllers/registry.ts';
import { ingressRouter } from './ingressrouter/index.ts';
import { networkPolicyEnforcement } from './networkpolicy/index.ts';

/** The controllers on one machine: those of every plane, the router of Ingresses, and the filters of Pods. */
export const controllers: Controller[] = [...shared, ingressRouter, networkPolicyEnforcement];

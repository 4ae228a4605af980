import type { Controller } from '../../shared/controllers/controller.ts';
import { controllers as shared } from '../../shared/controllers/registry.ts';
import { ingressRouter } from './ingressrouter/index.ts';

/** The controllers on one machine: those of every plane, and the router of Ingresses. */
export const controllers: Controller[] = [...shared, ingressRouter];

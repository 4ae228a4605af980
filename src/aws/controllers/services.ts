import type { Controller } from '../../shared/controllers/controller.ts';
import { servicesControllers as shared } from '../../shared/controllers/services.ts';
import { ingress } from './ingress/index.ts';

/** The controllers of the group `services` on AWS. */
export const servicesControllers: Controller[] = [...shared, ingress];

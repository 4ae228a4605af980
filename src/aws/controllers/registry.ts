import type { Controller } from '../../shared/controllers/controller.ts';
import { controllers as shared } from '../../shared/controllers/registry.ts';
import { ingress } from './ingress/index.ts';

/** The controllers on AWS: those of every plane, and those that speak in words of AWS. */
export const controllers: Controller[] = [...shared, ingress];

import type { Controller } from './controller.ts';
import { clusterServices } from './logicalcluster/release.ts';
import { names } from './names/index.ts';
import { service } from './service/index.ts';

/**
 * The controllers of the group `services`, one line each. They stand apart from the others since a function on AWS runs
 * them alone, whose bundle has the largest SDKs.
 */
export const servicesControllers: Controller[] = [clusterServices, service, names];

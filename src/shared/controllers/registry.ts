import type { Controller } from './controller.ts';
import { deployment } from './deployment/index.ts';
import { node } from './node/index.ts';
import { pod } from './pod/index.ts';
import { replicaSet } from './replicaset/index.ts';
import { scheduler } from './scheduler/index.ts';

/** Every controller, one line each. */
export const controllers: Controller[] = [deployment, replicaSet, scheduler, pod, node];

import type { Check } from '../check.ts';
import { bootstrap } from './bootstrap.ts';
import { concurrency } from './concurrency.ts';
import { credentials } from './credentials.ts';
import { images } from './images.ts';
import { loadBalancers } from './loadBalancers.ts';
import { logRole } from './logRole.ts';
import { networks } from './networks.ts';
import { rights } from './rights.ts';
import { serviceRoles } from './serviceRoles.ts';
import { stack } from './stack.ts';
import { onDemand, onSpot } from './vcpus.ts';

/** Everything that is looked at before a deployment, in this order. */
export const checks: readonly Check[] = [
  credentials,
  rights,
  bootstrap,
  stack,
  concurrency,
  onDemand,
  onSpot,
  networks,
  ...serviceRoles,
  loadBalancers,
  logRole,
  images,
];

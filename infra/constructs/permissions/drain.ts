import type { Permission } from '../permission.ts';
import { removeBalancers } from './balancers.ts';
import type { Parts } from './parts.ts';
import { removeSecrets } from './secrets.ts';
import { removeDefinitions, seeTasks, stopTasks } from './tasks.ts';
import { removeVolumes } from './volumes.ts';

/** Removing all that was made at run time. */
export const drainAll = (parts: Parts): Permission[] => [
  ...seeTasks(parts),
  stopTasks(parts),
  ...removeDefinitions(parts),
  ...removeBalancers(parts),
  {
    actions: ['ec2:DescribeNetworkInterfaces'],
    resources: ['*'],
    why: 'Actions that describe know no resource.',
  },
  ...removeSecrets(parts),
  ...removeVolumes(parts),
];

import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { isCode } from '../errors.ts';
import type { Api } from './api.ts';

/** What is gone already is what a deletion wants. */

/** Its listeners go with it. */
export const deleteLoadBalancer = (api: Api, LoadBalancerArn: string): Promise<void> =>
  ignoring(
    'LoadBalancerNotFoundException',
    api.send('DeleteLoadBalancer', () => api.elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }))),
  );

export const deleteListener = (api: Api, ListenerArn: string): Promise<void> =>
  ignoring(
    'ListenerNotFoundException',
    api.send('DeleteListener', () => api.elb.send(new DeleteListenerCommand({ ListenerArn }))),
  );

export const deleteTargetGroup = (api: Api, TargetGroupArn: string): Promise<void> =>
  ignoring(
    'TargetGroupNotFoundException',
    api.send('DeleteTargetGroup', () => api.elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))),
  );

/** An error that says that it is so already. */
export async function ignoring(code: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isCode((error as Error).cause, code, code.replace(/Exception$/, ''))) throw error;
  }
}

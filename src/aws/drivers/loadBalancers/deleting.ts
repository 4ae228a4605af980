import {
  DeleteListenerCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { ApiError } from '../../../shared/errors/apiError.ts';
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

/** In use for some seconds after its listener is gone: that passes. */
export async function deleteTargetGroup(api: Api, TargetGroupArn: string): Promise<void> {
  const request = new DeleteTargetGroupCommand({ TargetGroupArn });
  try {
    await ignoring(
      'TargetGroupNotFoundException',
      api.send('DeleteTargetGroup', () => api.elb.send(request)),
    );
  } catch (error) {
    const { message, cause } = error as Error;
    if (!isCode(cause, 'ResourceInUseException', 'ResourceInUse')) throw error;
    throw new ApiError('ServiceUnavailable', message, { cause, details: { retryAfterSeconds: 2 } });
  }
}

/** An error that says that it is so already. */
export async function ignoring(code: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isCode((error as Error).cause, code, code.replace(/Exception$/, ''))) throw error;
  }
}

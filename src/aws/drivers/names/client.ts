import { Route53Client } from '@aws-sdk/client-route-53';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The SDK's client: region, credentials and endpoint from the environment. The driver tries again by itself. */
export const route53Client = (): Route53Client =>
  withinDelivery(new Route53Client({ maxAttempts: 1, requestHandler: requestHandler() }));

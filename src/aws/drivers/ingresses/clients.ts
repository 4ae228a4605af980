import { ACMClient } from '@aws-sdk/client-acm';
import { withinDelivery } from '../delivery.ts';
import { requestHandler } from '../requestHandler.ts';

/** The driver tries again by itself. */
export const certificatesClient = () =>
  withinDelivery(new ACMClient({ maxAttempts: 1, requestHandler: requestHandler() }));

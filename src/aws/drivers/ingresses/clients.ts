import { ACMClient } from '@aws-sdk/client-acm';
import { requestHandler } from '../requestHandler.ts';

/** The driver tries again by itself. */
export const certificatesClient = () => new ACMClient({ maxAttempts: 1, requestHandler: requestHandler() });

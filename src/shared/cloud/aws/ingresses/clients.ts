import { ACMClient } from '@aws-sdk/client-acm';

/** The driver tries again by itself. */
export const certificatesClient = () =>
  new ACMClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 2_000, requestTimeout: 10_000 } });

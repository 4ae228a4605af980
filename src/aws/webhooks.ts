import type { HttpsOptions } from '../shared/webhooks/https.ts';

/**
 * Services have no address that the API reaches: its function stands outside the VPC, on purpose
 * (docs/adr/0016-webhooks.md). Rejects with the way out.
 */
export const noServices: HttpsOptions['find'] = async (_cluster, { namespace, name }) => {
  throw new Error(
    `service ${JSON.stringify(`${namespace}/${name}`)} cannot be reached on AWS, since the API is not in the VPC of the Pods; give the webhook a url that is reachable from the internet, for example of a load balancer or of API Gateway, with a certificate for it`,
  );
};

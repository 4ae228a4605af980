import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { askSts } from '../src/aws/front/askSts.ts';
import { identityFrom } from '../src/aws/iam/identity.ts';
import { presignedUrl } from '../src/aws/iam/presign.ts';

/** The principal whose credentials are in use, as STS names it: a role rather than its session. */
export async function callerArn(): Promise<string> {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL } = process.env;
  const url = presignedUrl({
    credentials: await defaultProvider()(),
    region: AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1',
    clusterId: 'nobody',
    now: Date.now(),
  });
  const ask = askSts(AWS_ENDPOINT_URL_STS ?? AWS_ENDPOINT_URL);
  const { status, body } = await ask(new URL(url), { 'x-k8s-aws-id': 'nobody' });
  const identity = identityFrom(body);
  if (!identity)
    throw new Error(`STS does not say whose credentials these are (${status}): ${body.slice(0, 300)}`);
  return identity.canonicalArn;
}

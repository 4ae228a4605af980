import {
  AddListenerCertificatesCommand,
  DescribeListenerCertificatesCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Api } from '../loadBalancers/api.ts';
import { pages } from '../pages.ts';

/** Has a listener offer these certificates by SNI beside its default one, and no others. */
export async function setCertificates(api: Api, ListenerArn: string, wanted: string[]): Promise<void> {
  const { elb, send } = api;
  const found = await offered(api, ListenerArn);
  const fresh = wanted.filter((arn) => !found.includes(arn));
  const stale = found.filter((arn) => !wanted.includes(arn));
  const add = new AddListenerCertificatesCommand({ ListenerArn, Certificates: listOf(fresh) });
  if (fresh.length > 0) await send('AddListenerCertificates', () => elb.send(add));
  const remove = new RemoveListenerCertificatesCommand({ ListenerArn, Certificates: listOf(stale) });
  if (stale.length > 0) await send('RemoveListenerCertificates', () => elb.send(remove));
}

async function offered({ elb, send }: Api, ListenerArn: string): Promise<string[]> {
  const found = await pages(async (Marker) => {
    const request = new DescribeListenerCertificatesCommand({ ListenerArn, Marker });
    const { Certificates = [], NextMarker } = await send('DescribeListenerCertificates', () =>
      elb.send(request),
    );
    return { items: Certificates, next: NextMarker };
  });
  return found.filter(({ IsDefault }) => !IsDefault).map(({ CertificateArn = '' }) => CertificateArn);
}

const listOf = (arns: string[]) => arns.map((CertificateArn) => ({ CertificateArn }));

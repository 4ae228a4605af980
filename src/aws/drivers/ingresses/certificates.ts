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
  const found = await certificatesOf(api, ListenerArn);
  const fresh = wanted.filter((arn) => !found.some((c) => c.arn === arn && !c.isDefault));
  const defaults = found.filter(({ isDefault }) => isDefault).map(({ arn }) => arn);
  const stale = found.map(({ arn }) => arn).filter((arn) => ![...wanted, ...defaults].includes(arn));
  const add = new AddListenerCertificatesCommand({ ListenerArn, Certificates: listOf(fresh) });
  if (fresh.length > 0) await send('AddListenerCertificates', () => elb.send(add));
  const remove = new RemoveListenerCertificatesCommand({ ListenerArn, Certificates: listOf(stale) });
  if (stale.length > 0) await send('RemoveListenerCertificates', () => elb.send(remove));
}

async function certificatesOf({ elb, send }: Api, ListenerArn: string) {
  const found = await pages(async (Marker) => {
    const request = new DescribeListenerCertificatesCommand({ ListenerArn, Marker });
    const { Certificates = [], NextMarker } = await send('DescribeListenerCertificates', () =>
      elb.send(request),
    );
    return { items: Certificates, next: NextMarker };
  });
  return found.map(({ CertificateArn: arn = '', IsDefault: isDefault = false }) => ({ arn, isDefault }));
}

const listOf = (arns: string[]) => arns.map((CertificateArn) => ({ CertificateArn }));

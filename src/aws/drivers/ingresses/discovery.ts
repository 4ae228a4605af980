import {
  type ACMClient,
  type CertificateSummary,
  DescribeCertificateCommand,
  KeyAlgorithm,
  ListCertificatesCommand,
} from '@aws-sdk/client-acm';
import { pages } from '../pages.ts';
import type { Sender } from '../sender.ts';

/** Describes what looks certificates up. */
export interface Acm {
  acm: Pick<ACMClient, 'send'>;
  send: Sender;
}

/** ARNs of certificates by host; none for a host that ACM has no certificate for. */
export type Certificates = ReadonlyMap<string, string[]>;

/**
 * The issued certificates of ACM that are for these hosts, as the AWS Load Balancer Controller finds them: all that name
 * the host, or a wildcard in place of its first label. A call for each page of the account's certificates, and one for
 * each that has more names than the page tells.
 */
export async function discover(api: Acm, hosts: string[]): Promise<Certificates> {
  if (hosts.length === 0) return new Map();
  const found = await issued(api);
  const named = await Promise.all(
    found.map(async (summary) => ({ arn: summary.CertificateArn ?? '', names: await namesOf(api, summary) })),
  );
  const forHost = (host: string) =>
    named.filter(({ names }) => names.some((name) => isFor(name, host))).map(({ arn }) => arn);
  return new Map(hosts.map((host) => [host, forHost(host).sort()]));
}

const issued = ({ acm, send }: Acm): Promise<CertificateSummary[]> =>
  pages(async (NextToken) => {
    const request = new ListCertificatesCommand({
      CertificateStatuses: ['ISSUED'],
      // Without this only those with RSA keys are told.
      Includes: { keyTypes: Object.values(KeyAlgorithm) },
      NextToken,
    });
    const answer = await send('ListCertificates', () => acm.send(request));
    return { items: answer.CertificateSummaryList ?? [], next: answer.NextToken };
  });

async function namesOf({ acm, send }: Acm, summary: CertificateSummary): Promise<string[]> {
  const { CertificateArn, SubjectAlternativeNameSummaries: told } = summary;
  if (told && !summary.HasAdditionalSubjectAlternativeNames) return told;
  const request = new DescribeCertificateCommand({ CertificateArn });
  const { Certificate } = await send('DescribeCertificate', () => acm.send(request));
  return Certificate?.SubjectAlternativeNames ?? [];
}

const isFor = (name: string, host: string) =>
  name === host || (name.startsWith('*.') && host.slice(host.indexOf('.')) === name.slice(1));

import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { humanDuration } from '../../../printing/duration.ts';
import type { CertificateSigningRequest } from '../../../schema/types.ts';

export const columns: Column<CertificateSigningRequest>[] = [
  nameColumn,
  ageColumn,
  column('SignerName', 'Who is asked to sign.', ({ spec }) => spec?.signerName || '<none>'),
  column('Requestor', 'Who asks.', ({ spec }) => spec?.username ?? ''),
  column('RequestedDuration', 'How long the certificate is to be good.', ({ spec }) =>
    spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000),
  ),
  column('Condition', 'What has become of it.', conditionText),
];

function conditionText({ status = {} }: CertificateSigningRequest): string {
  const has = (type: string) => status.conditions?.some((condition) => condition.type === type);
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...(status.certificate ? ['Issued'] : [])].join(
    ',',
  );
}

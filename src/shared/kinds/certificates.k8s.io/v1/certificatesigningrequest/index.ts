import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { CertificateSigningRequest } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { prepareForUpdate } from './strategy.ts';
import { validate, validateStatus } from './validate.ts';

export const certificateSigningRequest: Kind<CertificateSigningRequest> = {
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  plural: 'certificatesigningrequests',
  singular: 'certificatesigningrequest',
  shortNames: ['csr'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('CertificateSigningRequest'),
  subresources: {
    status: true,
    others: [
      {
        name: 'approval',
        group: 'certificates.k8s.io',
        version: 'v1',
        kind: 'CertificateSigningRequest',
        verbs: ['get', 'patch', 'update'],
      },
    ],
  },
  prepareForUpdate,
  validate,
  validateStatus,
  selectableFields: { 'spec.signerName': ({ spec }) => spec?.signerName ?? '' },
  columns,
};

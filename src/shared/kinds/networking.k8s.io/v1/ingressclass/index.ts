import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { IngressClass } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const ingressClass: Kind<IngressClass> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  singular: 'ingressclass',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('IngressClass'),
  generation: 'spec',
  validate,
  columns: [
    nameColumn,
    column('Controller', 'Who serves its Ingresses.', ({ spec }) => spec?.controller ?? ''),
    column('Parameters', 'Object with further settings.', ({ spec }) => parametersText(spec?.parameters)),
    ageColumn,
  ],
};

function parametersText(parameters: NonNullable<IngressClass['spec']>['parameters']): string {
  if (!parameters) return '<none>';
  const { apiGroup, kind, name } = parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}

import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { selectorText } from '../../../printing/selector.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { NetworkPolicy } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const networkPolicy: Kind<NetworkPolicy> = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  singular: 'networkpolicy',
  shortNames: ['netpol'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('NetworkPolicy'),
  generation: 'spec',
  validate,
  columns: [
    nameColumn,
    column(
      'Pod-Selector',
      'The Pods it is about.',
      ({ spec }) => selectorText(spec?.podSelector) || '<none>',
    ),
    ageColumn,
  ],
};

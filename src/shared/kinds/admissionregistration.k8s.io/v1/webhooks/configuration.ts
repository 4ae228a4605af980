import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { webhooksCauses } from './validate.ts';

/** The two kinds of configurations, which differ in their names. */
export function webhookConfiguration<T extends MutatingWebhookConfiguration | ValidatingWebhookConfiguration>(
  kind: 'MutatingWebhookConfiguration' | 'ValidatingWebhookConfiguration',
): Kind<T> {
  const singular = kind.toLowerCase();
  return {
    group: 'admissionregistration.k8s.io',
    version: 'v1',
    kind,
    plural: `${singular}s`,
    singular,
    namespaced: false,
    categories: ['api-extensions'],
    verbs: allVerbs,
    schema: goSchema(kind),
    generation: 'spec',
    needsRevision: true,
    validate: (object, old) => webhooksCauses(object.webhooks, old?.webhooks),
    columns: [
      nameColumn,
      {
        ...column(
          'Webhooks',
          'Webhooks indicates the number of webhooks registered in this configuration',
          ({ webhooks }: T) => webhooks?.length ?? 0,
        ),
        type: 'integer',
      },
      ageColumn,
    ],
  };
}

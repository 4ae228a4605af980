import { madeOnce } from '../../cel/values/steps.ts';
import type { PolicyExpression } from '../../kinds/admissionregistration.k8s.io/v1/policy/expression.ts';
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
} from '../../kinds/schema/types.ts';
import type { Soon } from '../../meta/soon.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';
import { compileMatchConditions } from '../policy/matchConditions.ts';

/** A webhook of a configuration. */
export interface Hook {
  readonly webhook: ValidatingWebhook & Pick<MutatingWebhook, 'reinvocationPolicy'>;
  readonly configuration: string;
  /** Tells it from others of the same name. */
  readonly id: string;
  /** Its match conditions, which are compiled when a request first matches it: within what that request evaluates. */
  conditions(): readonly PolicyExpression[];
}

/** The webhooks of a logical cluster, in the order in which they are called: by the names of their configurations. */
export const hooksIn = (
  storage: Storage,
  plural: 'mutatingwebhookconfigurations' | 'validatingwebhookconfigurations',
): ((cluster: string) => Soon<readonly Hook[]>) =>
  compiled<readonly Hook[], readonly Hook[]>(storage, `${plural}.admissionregistration.k8s.io`, {
    read: hooksOf,
    build: (entries) => [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, hooks]) => hooks),
  });

function hooksOf({ value }: Stored): Hook[] {
  const { metadata, webhooks = [] } = JSON.parse(
    Buffer.from(value).toString(),
  ) as MutatingWebhookConfiguration;
  const configuration = metadata.name ?? '';
  return webhooks.map((webhook, i) => ({
    webhook,
    configuration,
    id: `${configuration}/${webhook.name}/${i}`,
    conditions: madeOnce(() => compileMatchConditions(webhook.matchConditions)),
  }));
}

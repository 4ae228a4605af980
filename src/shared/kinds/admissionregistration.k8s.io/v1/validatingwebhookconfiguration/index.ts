import type { ValidatingWebhookConfiguration } from '../../../schema/types.ts';
import { webhookConfiguration } from '../webhooks/configuration.ts';

/** Webhooks that may refuse requests. */
export const validatingWebhookConfiguration = webhookConfiguration<ValidatingWebhookConfiguration>(
  'ValidatingWebhookConfiguration',
);

import type { ValidatingWebhookConfiguration } from '../../../schema/types.ts';
import { webhookConfiguration } from '../webhooks/configuration.ts';

export const validatingWebhookConfiguration = webhookConfiguration<ValidatingWebhookConfiguration>(
  'ValidatingWebhookConfiguration',
);

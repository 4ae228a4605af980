import type { MutatingWebhookConfiguration } from '../../../schema/types.ts';
import { webhookConfiguration } from '../webhooks/configuration.ts';

export const mutatingWebhookConfiguration = webhookConfiguration<MutatingWebhookConfiguration>(
  'MutatingWebhookConfiguration',
);

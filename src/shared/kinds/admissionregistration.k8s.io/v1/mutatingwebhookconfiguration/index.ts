import type { MutatingWebhookConfiguration } from '../../../schema/types.ts';
import { webhookConfiguration } from '../webhooks/configuration.ts';

/** Webhooks that may change requests. */
export const mutatingWebhookConfiguration = webhookConfiguration<MutatingWebhookConfiguration>(
  'MutatingWebhookConfiguration',
);

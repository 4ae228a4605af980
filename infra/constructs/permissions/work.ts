import type { Permission } from '../permission.ts';
import type { Parts } from './parts.ts';

/** Work for the queue. */
export const sendWork = ({ work }: Parts): Permission => ({
  actions: ['sqs:SendMessage'],
  resources: [work.queue.queueArn],
});

/** What Lambda could not have done is put where somebody looks. */
export const setAside = ({ work }: Parts): Permission => ({
  actions: ['sqs:SendMessage'],
  resources: [work.failed.queueArn],
});

/** Work from the queue. */
export const takeWork = ({ work }: Parts): Permission => ({
  actions: [
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:ChangeMessageVisibility',
    'sqs:GetQueueAttributes',
  ],
  resources: [work.queue.queueArn],
});

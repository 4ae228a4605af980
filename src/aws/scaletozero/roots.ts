import type { ALBEvent, ALBResult } from 'aws-lambda';
import type { Env } from '../config.ts';
import { openAwsCore } from '../core.ts';
import { delivering } from '../drivers/delivery.ts';
import { functionParts } from '../functionParts.ts';
import { count } from '../observability/metrics.ts';
import { openActivator } from './activator.ts';
import { resultOf } from './message.ts';
import { send } from './send.ts';

/** Is what both functions are built on. */
export function coreParts(env: Env) {
  const parts = functionParts(env);
  const { config, clock, ids, log } = parts;
  const { clients } = openAwsCore(parts);
  return { deployment: config.deployment, clients, clock, ids, log };
}

/** Builds the activator from the environment. Throws what names a wrong variable. */
export function openActivatorFunction(env: Env) {
  const activate = openActivator({
    ...coreParts(env),
    send,
    onUnanswered: () => count('RequestsUnanswered'),
  });
  return (event: ALBEvent): Promise<ALBResult> => delivering(async () => resultOf(await activate(event)));
}

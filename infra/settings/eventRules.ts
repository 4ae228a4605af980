import { readFileSync } from 'node:fs';
import { type EventRule, parseRules } from '../../src/shared/events/rules.ts';
import type { Reader } from './context.ts';

/** Reads the rule file that the context names, the same that `shallop up --event-rules` takes. */
export function readEventRules({ text }: Reader): readonly EventRule[] | undefined {
  const file = text('eventRules');
  if (!file) return undefined;
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`-c eventRules: ${(error as Error).message}`);
  }
  return parseRules(content, `-c eventRules=${file}`, 'aws');
}

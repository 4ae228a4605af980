import { table } from '../../shared/meta/table.ts';
import { type Call, type Option, UsageError } from '../verb.ts';

export type DryRun = 'none' | 'client' | 'server';

export const dryRunOption: Record<string, Option> = table({
  'dry-run': {
    type: 'string',
    bare: 'client',
    value: 'WHERE',
    choices: ['none', 'client', 'server'],
    help: 'send nothing (client), or have the server check the request without storing it (server)',
  },
});

export function dryRunOf(call: Call): DryRun {
  const dryRun = call.text('dry-run') ?? 'none';
  if (dryRun !== 'none' && dryRun !== 'client' && dryRun !== 'server')
    throw new UsageError(`Option '--dry-run' is none, server or client, not '${dryRun}'`);
  return dryRun;
}

/** Returns what follows a line that tells what was done. */
export const dryRunNote = (dryRun: DryRun): string =>
  ({ none: '', client: ' (dry run)', server: ' (server dry run)' })[dryRun];

import { table } from '../../shared/meta/table.ts';
import type { Option } from '../verb.ts';
import { kindName, type Resource } from './discovery.ts';
import { dryRunNote, dryRunOf, dryRunOption } from './dryRun.ts';
import type { KubeObject } from './objects.ts';
import { printObjects } from './print/objects.ts';
import { isObjectOutput, unknownOutput } from './print/outputs.ts';
import type { Scene } from './scene.ts';

export const outputOption: Record<string, Option> = table({
  output: {
    type: 'string',
    short: 'o',
    value: 'FORM',
    choices: ['name', 'yaml', 'json', 'jsonpath='],
    help: 'output format: name, yaml, json or jsonpath=TEMPLATE',
  },
});

/** Options of verbs that change objects and tell it. */
export const changeOptions: Record<string, Option> = table({ ...dryRunOption, ...outputOption });

/** Tells what was done to an object, or shows it as -o asks. */
export function tellDone(
  { call, io }: Scene,
  resource: Pick<Resource, 'kind' | 'group'>,
  object: KubeObject,
  word: string,
  note = dryRunNote(dryRunOf(call)),
): void {
  const output = call.text('output');
  if (!output) io.out(`${kindName(resource)}/${object.metadata.name} ${word}${note}`);
  else if (isObjectOutput(output)) printObjects([object], output, io);
  else throw unknownOutput(output);
}

/** Says who owns the fields, and whether anything is written, for the query of a change. */
export const changeParameters = ({ call }: Scene, manager: string) => ({
  fieldManager: call.text('field-manager') ?? manager,
  dryRun: dryRunOf(call) === 'server' ? 'All' : undefined,
});

export const managerOption: Record<string, Option> = table({
  'field-manager': {
    type: 'string',
    value: 'NAME',
    help: 'name of the manager that owns the changed fields',
  },
});

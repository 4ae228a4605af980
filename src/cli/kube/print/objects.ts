import { fillTemplate } from '../../../shared/kinds/printing/jsonpath.ts';
import { type Io, UsageError } from '../../verb.ts';
import { kindName } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { jsonText, yamlText } from './values.ts';

/** Returns what -o knows beside tables. */
export const isObjectOutput = (output: string): boolean =>
  /^(json|yaml|name|jsonpath(=.*|-file=.*)?)$/s.test(output);

/**
 * Objects as `json`, `yaml`, `name` or `jsonpath=…`; several (or `asList`) as a List. Throws UsageError for other words.
 */
export function printObjects(
  objects: KubeObject[],
  output: string,
  io: Pick<Io, 'out' | 'write'>,
  asList = objects.length !== 1,
): void {
  if (output === 'name') {
    for (const { apiVersion = '', kind = '', metadata } of objects) {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0]! : '';
      io.out(`${kindName({ kind, group })}/${metadata.name}`);
    }
    return;
  }
  const plain = objects.map(withoutManagedFields);
  const value = asList
    ? { apiVersion: 'v1', items: plain, kind: 'List', metadata: { resourceVersion: '' } }
    : plain[0];
  if (output === 'json') io.out(jsonText(value));
  else if (output === 'yaml') io.out(yamlText(value));
  else if (output.startsWith('jsonpath=')) io.write(Buffer.from(fillTemplate(output.slice(9), value)));
  else throw unknownOutput(output);
}

export const unknownOutput = (output: string) =>
  new UsageError(
    `unable to match a printer suitable for the output format "${output}", allowed formats are: json,jsonpath,name,wide,yaml`,
  );

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}

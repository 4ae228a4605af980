import { fillTemplate } from '../../../shared/kinds/printing/jsonpath.ts';
import type { Io } from '../../verb.ts';
import { kindName } from '../discovery.ts';
import type { KubeObject } from '../objects.ts';
import { customColumns } from './customColumns.ts';
import { unknownOutput } from './outputs.ts';
import { jsonText, yamlText } from './values.ts';

/**
 * Prints objects again and again, as a watch does: documents of YAML are told apart, columns have one head. `asList`: as
 * a List.
 */
export function objectPrinter(
  output: string,
  io: Pick<Io, 'out' | 'write' | 'cwd'>,
  noHeaders = false,
): (objects: KubeObject[], asList?: boolean) => void {
  if (output.startsWith('custom-columns')) return customColumns(output, io, noHeaders);
  let isFurther = false;
  return (objects, asList) => {
    if (isFurther && output === 'yaml') io.out('---');
    isFurther = true;
    printObjects(objects, output, io, asList);
  };
}

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

/** An object without the owners of its fields; an event of a watch stays as it is. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  if (!object.metadata) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: metadata as KubeObject['metadata'] };
}

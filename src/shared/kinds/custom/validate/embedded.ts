/** Objects inside the object say what they are, and have metadata as objects have. */

import type { Cause } from '../../../errors/apiError.ts';
import { isObject } from '../../../meta/isObject.ts';
import { dns1035LabelProblems, pathSegmentProblems } from '../../../meta/names.ts';
import { DecodeError } from '../../schema/decode-error.ts';
import { decodeObject } from '../../schema/structural.ts';
import type { ObjectMeta } from '../../schema/types.ts';
import { invalidValue, required } from '../../validation/causes.ts';
import { validAnnotations, validLabels } from '../../validation/labels.ts';
import { isEmbedded, itemsOf, type Json, partOf, propertyOf, type Structural } from '../schema/structural.ts';

/** Returns what is wrong with apiVersion, kind and metadata of the embedded resources in a value. */
export function embeddedCauses(value: unknown, schema: Structural, path = ''): Cause[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    return items ? value.flatMap((item, i) => embeddedCauses(item, items, `${path}[${i}]`)) : [];
  }
  if (!isObject(value)) return [];
  const own = isEmbedded(schema) ? ownCauses(value, path) : [];
  const inner = Object.keys(value).flatMap((key) => {
    const part = partOf(schema, key);
    if (!part) return [];
    const under = propertyOf(schema, key) ? (path ? `${path}.${key}` : key) : `${path}[${key}]`;
    return embeddedCauses(value[key], part, under);
  });
  return [...own, ...inner];
}

function ownCauses(object: Json, path: string): Cause[] {
  const at = (field: string) => (path ? `${path}.${field}` : field);
  const { apiVersion, kind, metadata } = object;
  const causes: Cause[] = [];
  if (apiVersion === undefined) causes.push(required(at('apiVersion')));
  else if (apiVersion === '') causes.push(invalidValue(at('apiVersion'), apiVersion, 'must not be empty'));
  else if (String(apiVersion).split('/').length > 2)
    causes.push(invalidValue(at('apiVersion'), apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  if (kind === undefined) causes.push(required(at('kind')));
  else if (kind === '') causes.push(invalidValue(at('kind'), kind, 'must not be empty'));
  else {
    const problems = dns1035LabelProblems(String(kind).toLowerCase());
    if (problems.length)
      causes.push(
        invalidValue(
          at('kind'),
          kind,
          `may have mixed case, but should otherwise match: ${problems.join(',')}`,
        ),
      );
  }
  if (metadata !== undefined) causes.push(...metadataCauses(metadata, at('metadata')));
  return causes;
}

function metadataCauses(metadata: unknown, path: string): Cause[] {
  let meta: ObjectMeta;
  try {
    meta = decodeObject<ObjectMeta>(metadata, 'ObjectMeta');
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [invalidValue(path, metadata, error.message)];
  }
  return [
    ...(meta.name
      ? pathSegmentProblems(meta.name).map((why) => invalidValue(`${path}.name`, meta.name, why))
      : []),
    ...validLabels(`${path}.labels`, meta.labels),
    ...validAnnotations(`${path}.annotations`, meta.annotations),
  ];
}

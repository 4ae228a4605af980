import { itemsOf, type Structural } from '../../../custom/schema/structural.ts';
import { supportedFormat } from '../../../custom/validate/formats.ts';
import type { CustomResourceDefinition } from '../../../schema/types.ts';

/** A word about each format that nobody checks and that was not there before. */
export function warnings(crd: CustomResourceDefinition, old?: CustomResourceDefinition): string[] {
  const before = new Set(old ? formatsIn(old) : []);
  return formatsIn(crd)
    .filter((format) => !before.has(format))
    .map((format) => `unrecognized format ${JSON.stringify(format)}`);
}

const formatsIn = ({ spec }: CustomResourceDefinition): string[] =>
  (spec.versions ?? []).flatMap(({ schema }) =>
    schema?.openAPIV3Schema ? strangeIn(schema.openAPIV3Schema) : [],
  );

function strangeIn(schema: Structural): string[] {
  const {
    format,
    type,
    properties = {},
    additionalProperties: values,
    allOf = [],
    anyOf = [],
    oneOf = [],
    not,
  } = schema;
  const own = format && type === 'string' && !supportedFormat(schema) ? [format] : [];
  const items = itemsOf(schema);
  const inner = [
    ...(items ? [items] : []),
    ...Object.values(properties),
    ...(typeof values === 'object' ? [values] : []),
    ...allOf,
    ...anyOf,
    ...oneOf,
    ...(not ? [not] : []),
  ];
  return [...own, ...inner.flatMap(strangeIn)];
}

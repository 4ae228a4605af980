/** Says how lists say what makes their items one and the same. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { itemsOf, type Structural } from '../../../../custom/schema/structural.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';

const extension = 'x-kubernetes-list-type';
const keysExtension = 'x-kubernetes-list-map-keys';

/**
 * Returns what is wrong with the list type and the list keys that a schema declares, at this place and for its items.
 */
export function listTypeCauses(schema: Structural, path: string): Cause[] {
  const type = schema[extension];
  const keys = schema[keysExtension] ?? [];
  const field = `${path}.${extension}`;
  const causes: Cause[] = [];
  if (type !== undefined && schema.type !== 'array') {
    const why = `must be array if ${extension} is specified`;
    causes.push(schema.type ? invalidValue(`${path}.type`, schema.type, why) : required(`${path}.type`, why));
  } else if (type === 'set') causes.push(...setCauses(itemsOf(schema), `${path}.items`));
  if (type !== undefined && !['atomic', 'set', 'map'].includes(type))
    causes.push(notSupported(field, type, ['atomic', 'set', 'map']));
  if (keys.length && type !== 'map') {
    const why = `must be map if ${keysExtension} is non-empty`;
    causes.push(type === undefined ? required(field, why) : invalidValue(field, type, why));
  }
  if (type === 'map') causes.push(...mapCauses(schema, keys, path));
  return [...causes, ...itemCauses(schema, type, keys, path)];
}

/** Items of a set are compared whole. */
function setCauses(items: Structural | undefined, path: string): Cause[] {
  const why = `must be atomic as item of a list with ${extension}=set`;
  const inner = items?.[extension];
  if (items?.type === 'array' && inner !== undefined && inner !== 'atomic')
    return [invalidValue(`${path}.${extension}`, inner, why)];
  if (items?.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
    return [invalidValue(`${path}.x-kubernetes-map-type`, inner ?? null, why)];
  return [];
}

function mapCauses(schema: Structural, keys: string[], path: string): Cause[] {
  const causes: Cause[] = [];
  const field = `${path}.${keysExtension}`;
  if (keys.length === 0) causes.push(required(field, `must not be empty if ${extension} is map`));
  if (!schema.items) causes.push(required(`${path}.items`, `must have a schema if ${extension} is map`));
  if (Array.isArray(schema.items))
    causes.push(
      invalidValue(`${path}.items`, schema.items, `must only have a single schema if ${extension} is map`),
    );
  const items = itemsOf(schema);
  if (items && items.type !== 'object')
    causes.push(
      invalidValue(
        `${path}.items.type`,
        items.type ?? '',
        `must be object if parent array's ${extension} is map`,
      ),
    );
  if (items?.type !== 'object') return causes;
  keys.forEach((key, i) => {
    const property = items.properties?.[key];
    if (!property) causes.push(invalidValue(field, keys, 'entries must all be names of item properties'));
    else if (property.type === 'array' || property.type === 'object')
      causes.push(
        invalidValue(
          `${path}.items.properties[${key}].type`,
          items.type,
          `must be a scalar type if parent array's ${extension} is map`,
        ),
      );
    if (keys.indexOf(key) < i) causes.push(invalidValue(field, keys, 'must not contain duplicate entries'));
  });
  return causes;
}

/** What makes an item one and the same is there. */
function itemCauses(schema: Structural, type: string | undefined, keys: string[], path: string): Cause[] {
  const items = itemsOf(schema);
  if (!items || (type !== 'set' && type !== 'map')) return [];
  const causes = items.nullable
    ? [forbidden(`${path}.items.nullable`, `cannot be nullable when ${extension} is ${type}`)]
    : [];
  if (type === 'set') return causes;
  for (const key of keys) {
    const property = items.properties?.[key];
    if (!property) continue;
    const at = `${path}.items.properties[${key}]`;
    const why = `this property is in ${keysExtension}, so it`;
    if (!items.required?.includes(key) && property.default === undefined)
      causes.push(required(`${at}.default`, `${why} must have a default or be a required property`));
    if (property.nullable) causes.push(forbidden(`${at}.nullable`, `${why} cannot be nullable`));
  }
  return causes;
}

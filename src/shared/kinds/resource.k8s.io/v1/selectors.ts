import { extend, type Fields } from '../../../cel/check/environment.ts';
import type { SizeOf } from '../../../cel/cost/estimate.ts';
import { kubernetesEnvironment } from '../../../cel/environment.ts';
import { compile } from '../../../cel/index.ts';
import { quantityType } from '../../../cel/library/kubernetes/quantity.ts';
import { namedBind } from '../../../cel/parse/bindingMacros.ts';
import { dynType, mapOf, objectType, stringType } from '../../../cel/types/type.ts';
import type { Cause } from '../../../errors/apiError.ts';
import type { DeviceSelector } from '../../schema/types.ts';
import { forbidden, invalidValue, required, tooLong } from '../../validation/causes.ts';
import { validList } from './lists.ts';

const mostSelectors = 32;
const longestExpression = 10 * 1024;
const mostCost = 1_000_000;

const deviceType = objectType('kubernetes.DRADevice');
const deviceFields: Fields = new Map([
  ['driver', stringType],
  ['attributes', mapOf(stringType, mapOf(stringType, dynType))],
  ['capacity', mapOf(stringType, mapOf(stringType, quantityType))],
]);
const environment = {
  ...extend(
    kubernetesEnvironment,
    { device: deviceType },
    { get: (name) => (name === deviceType.name ? deviceFields : undefined) },
  ),
  macros: new Map([['cel.bind:3', namedBind]]),
};

/** Says how large what a driver says of a device may get: characters of names and values, entries of maps. */
const most = { driver: 63, domain: 63, id: 32, value: 64, entries: 32 };

/** Sizes by the path from `device`. */
const sizeOf: SizeOf = ([variable, field, ...rest]) => {
  const upTo = (max: number) => ({ min: 0, max });
  if (variable !== 'device') return undefined;
  if (field === 'driver') return upTo(most.driver);
  if (field !== 'attributes' && field !== 'capacity') return undefined;
  if (rest.length === 0) return upTo(most.entries);
  const last = rest.at(-1);
  if (rest.length === 1) return upTo(last === '@keys' ? most.domain : most.entries);
  return upTo(last === '@keys' ? most.id : most.value);
};

/** Which devices: expressions over what their drivers say of them. */
export const validSelectors = (field: string, selectors: readonly DeviceSelector[] = []): Cause[] =>
  validList(field, selectors, mostSelectors, ({ cel }, at) =>
    cel ? validExpression(`${at}.cel.expression`, cel.expression) : [required(`${at}.cel`)],
  );

function validExpression(field: string, expression: string): Cause[] {
  if (Buffer.byteLength(expression) > longestExpression) return [tooLong(field, longestExpression)];
  const compiled = compile(expression, environment);
  if ('issues' in compiled)
    return [invalidValue(field, expression, `compilation failed: ${compiled.issues}`)];
  if ('unplannable' in compiled) {
    const message = `Internal error: program instantiation failed: ${compiled.unplannable}`;
    return [{ reason: 'InternalError', message, field }];
  }
  const { type } = compiled.program;
  if (type.name !== 'bool' && type.kind !== 'dyn') {
    const why = `must evaluate to bool or the unknown type, not ${type.name}`;
    return [invalidValue(field, expression, why)];
  }
  return compiled.program.estimate(sizeOf).max > mostCost
    ? [forbidden(field, 'too complex, exceeds cost limit')]
    : [];
}

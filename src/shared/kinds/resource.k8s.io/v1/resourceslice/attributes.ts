import type { Cause } from '../../../../errors/apiError.ts';
import type { DeviceAttribute } from '../../../schema/types.ts';
import { invalidValue, tooLong } from '../../../validation/causes.ts';
import { validAttributeName } from '../names.ts';

const longestValue = 64;
/** Domain, slash and name. */
const longestKey = 63 + 1 + 32;

/** Checks what a driver says of a device: attributes with one value each, and names of capacities. */
export const validAttributes = (
  at: string,
  attributes: Record<string, DeviceAttribute>,
  capacities: readonly string[],
): Cause[] => [
  ...Object.entries(attributes).flatMap(([key, attribute]) => {
    const field = `${at}.attributes[${shortened(key)}]`;
    return [...validAttributeName(field, key), ...validAttribute(field, attribute)];
  }),
  ...capacities.flatMap((key) => validAttributeName(`${at}.capacity[${shortened(key)}]`, key)),
];

/** A key that is too long is shown without its middle. */
function shortened(key: string): string {
  if (key.length <= longestKey) return key;
  const left = longestKey - '...'.length;
  return `${key.slice(0, Math.floor((left + 1) / 2))}...${key.slice(key.length - Math.floor(left / 2))}`;
}

const oneValue = 'exactly one value must be specified';

function validAttribute(field: string, attribute: DeviceAttribute): Cause[] {
  const causes: Cause[] = [];
  const { string, version } = attribute;
  if (string !== undefined) causes.push(...within(`${field}.string`, string));
  if (version !== undefined) causes.push(...validVersion(`${field}.version`, version));
  const values = Object.values(attribute).filter((value) => value !== undefined && value !== null);
  if (values.length === 0) causes.push(invalidValue(field, '', oneValue));
  if (values.length > 1) causes.push(invalidValue(field, shown(attribute), oneValue));
  return causes;
}

/** By the names of the fields in Go. */
const shown = ({ int, bool, string, version }: DeviceAttribute) => ({
  IntValue: int ?? null,
  BoolValue: bool ?? null,
  StringValue: string ?? null,
  VersionValue: version ?? null,
});

const within = (field: string, text: string): Cause[] =>
  Buffer.byteLength(text) > longestValue ? [tooLong(field, longestValue)] : [];

const number = '(0|[1-9]\\d*)';
const preRelease = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const build = '[0-9a-zA-Z-]+';
const semver = new RegExp(
  `^${number}\\.${number}\\.${number}(-${preRelease}(\\.${preRelease})*)?(\\+${build}(\\.${build})*)?$`,
);

const validVersion = (field: string, version: string): Cause[] => [
  ...(semver.test(version)
    ? []
    : [invalidValue(field, version, 'must be a string compatible with semver.org spec 2.0.0')]),
  ...within(field, version),
];

import { boolType, intType, objectType, stringType } from '../../types/type.ts';
import { compareText } from '../../values/compare.ts';
import { type Failure, fail, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { declare, method, plain } from '../declare.ts';

export const semverType = objectType('kubernetes.Semver');

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly prerelease: readonly string[];
  readonly build: readonly string[];
}

class Malformed extends Error {}

class Semver extends Opaque {
  override readonly typeName = 'kubernetes.Semver';
  readonly version: Version;
  constructor(version: Version) {
    super();
    this.version = version;
  }
  override equals(other: Value): boolean | Failure {
    return other instanceof Semver ? compareVersions(this.version, other.version) === 0 : noSuchOverload();
  }
  override toString(): string {
    const { numbers, prerelease, build } = this.version;
    const tail = `${prerelease.length > 0 ? `-${prerelease.join('.')}` : ''}${build.length > 0 ? `+${build.join('.')}` : ''}`;
    return numbers.join('.') + tail;
  }
}

function number(name: string, text: string): bigint {
  const shown = JSON.stringify(text);
  if (!/^\d*$/.test(text))
    throw new Malformed(`Invalid character(s) found in ${name.toLowerCase()} number ${shown}`);
  if (/^0./.test(text)) throw new Malformed(`${name} number must not contain leading zeroes ${shown}`);
  if (text === '') throw new Malformed('strconv.ParseUint: parsing "": invalid syntax');
  if (BigInt(text) >= 2n ** 64n)
    throw new Malformed(`strconv.ParseUint: parsing ${shown}: value out of range`);
  return BigInt(text);
}

function parse(text: string): Version {
  if (text === '') throw new Malformed('Version string empty');
  const [, major, minor, rest] = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text) ?? [];
  if (major === undefined || minor === undefined || rest === undefined)
    throw new Malformed('No Major.Minor.Patch elements found');
  const [beforeBuild, build] = cut(rest, '+');
  const [patch, prerelease] = cut(beforeBuild, '-');
  const numbers = [number('Major', major), number('Minor', minor), number('Patch', patch)] as const;
  for (const part of prerelease) checkPrerelease(part);
  for (const part of build) {
    if (part === '') throw new Malformed('Build meta data is empty');
    if (!/^[A-Za-z0-9-]+$/.test(part))
      throw new Malformed(`Invalid character(s) found in build meta data ${JSON.stringify(part)}`);
  }
  return { numbers, prerelease, build };
}

function cut(text: string, by: string): [string, string[]] {
  const at = text.indexOf(by);
  return at < 0 ? [text, []] : [text.slice(0, at), text.slice(at + 1).split('.')];
}

function checkPrerelease(part: string): void {
  if (part === '') throw new Malformed('Prerelease is empty');
  if (/^0\d+$/.test(part))
    throw new Malformed(`Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(part)}`);
  if (!/^[A-Za-z0-9-]+$/.test(part))
    throw new Malformed(`Invalid character(s) found in prerelease ${JSON.stringify(part)}`);
}

/** `v1.02` becomes `1.2.0`. */
function normalized(text: string): string {
  const [, first = '', second, third] =
    /^([^.]*)(?:\.([^.]*)(?:\.(.*))?)?$/s.exec(text.replace(/^v/, '')) ?? [];
  const parts = [first, second, third]
    .filter((part) => part !== undefined)
    .map((part) => {
      if (part.length < 2) return part;
      const bare = part.replace(/^0+/, '');
      return /^\d/.test(bare) ? bare : `0${bare}`;
    });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1)!))
    throw new Malformed('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

function compareVersions(left: Version, right: Version): number {
  for (const [index, own] of left.numbers.entries()) {
    const other = right.numbers[index]!;
    if (own !== other) return own < other ? -1 : 1;
  }
  if (left.prerelease.length === 0 || right.prerelease.length === 0)
    return Math.sign(right.prerelease.length - left.prerelease.length);
  for (const [index, own] of left.prerelease.entries()) {
    const other = right.prerelease[index];
    const order = other === undefined ? 1 : comparePrereleases(own, other);
    if (order !== 0) return order;
  }
  return left.prerelease.length < right.prerelease.length ? -1 : 0;
}

function comparePrereleases(left: string, right: string): number {
  const [leftNumeric, rightNumeric] = [/^\d+$/.test(left), /^\d+$/.test(right)];
  if (leftNumeric !== rightNumeric) return leftNumeric ? -1 : 1;
  if (!leftNumeric) return compareText(left, right);
  return BigInt(left) === BigInt(right) ? 0 : BigInt(left) < BigInt(right) ? -1 : 1;
}

function read(text: string, normalize: boolean): Semver | Failure {
  try {
    return new Semver(parse(normalize ? normalized(text) : text));
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return fail(error.message);
  }
}

const reads = ([text, normalize = false]: readonly Value[]): Outcome =>
  read(text as string, normalize as boolean);
const isReadable = (args: readonly Value[]): Outcome => reads(args) instanceof Semver;
const compare = ([left, right]: readonly Value[]): number =>
  compareVersions((left as Semver).version, (right as Semver).version);
const part =
  (index: 0 | 1 | 2) =>
  ([value]: readonly Value[]): Outcome =>
    BigInt.asIntN(64, (value as Semver).version.numbers[index]);
const two = [semverType, semverType];

/** Semantic versions. */
export const semver = [
  declare(
    'semver',
    plain('string_to_semver', [stringType], semverType, reads),
    plain('string_bool_to_semver', [stringType, boolType], semverType, reads),
  ),
  declare(
    'isSemver',
    plain('is_semver_string', [stringType], boolType, isReadable),
    plain('is_semver_string_bool', [stringType, boolType], boolType, isReadable),
  ),
  declare(
    'isGreaterThan',
    method('semver_is_greater_than', two, boolType, (args) => compare(args) > 0),
  ),
  declare(
    'isLessThan',
    method('semver_is_less_than', two, boolType, (args) => compare(args) < 0),
  ),
  declare(
    'compareTo',
    method('semver_compare_to', two, intType, (args) => BigInt(compare(args))),
  ),
  declare('major', method('semver_major', [semverType], intType, part(0))),
  declare('minor', method('semver_minor', [semverType], intType, part(1))),
  declare('patch', method('semver_patch', [semverType], intType, part(2))),
];

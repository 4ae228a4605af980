import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1035LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type {
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { oneOf } from '../../../../validation/rules.ts';
import { isSame } from '../../../../validation/same.ts';
import { columnCauses } from './columns.ts';
import { conversionCauses } from './conversion.ts';
import { nameCauses } from './names.ts';
import { schemaCauses } from './schema.ts';
import { selectableCauses } from './selectable.ts';
import { subresourceCauses } from './subresources.ts';

/**
 * Returns what is wrong with the spec of a definition. `old` exempts rules that its schemas already had.
 */
export function specCauses(spec: CustomResourceDefinitionSpec, old?: CustomResourceDefinitionSpec): Cause[] {
  const { group, scope, versions = [], names, conversion } = spec;
  const shared = sharedBy(versions);
  return [
    ...groupCauses(group),
    ...oneOf('spec.scope', scope, ['Cluster', 'Namespaced']),
    ...missingSchemas(versions),
    ...versions.flatMap((version, i) => versionCauses(version, `spec.versions[${i}]`, shared, old)),
    ...setCauses(versions),
    ...requiredNames(names),
    ...nameCauses(names ?? { plural: '', kind: '' }, 'spec.names'),
    ...(versions[0]
      ? partCauses(versions[0], 'spec', (part) => shared.has(part), old, hasAnyStatus(versions))
      : []),
    ...conversionCauses(conversion, old?.conversion, 'spec.conversion'),
  ];
}

function groupCauses(group: string): Cause[] {
  if (!group) return [required('spec.group')];
  const problems = dns1123SubdomainProblems(group);
  if (problems.length) return [invalidValue('spec.group', group, problems.join(','))];
  return group.includes('.')
    ? []
    : [invalidValue('spec.group', group, 'should be a domain with at least one dot')];
}

const missingSchemas = (versions: CustomResourceDefinitionVersion[]): Cause[] =>
  versions.flatMap(({ schema }, i) =>
    schema?.openAPIV3Schema ? [] : [required(`spec.versions[${i}].schema.openAPIV3Schema`)],
  );

type Part = 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields';
const parts: Part[] = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'];

/** Where all versions say the same, findings are about the definition and not about a version. */
const sharedBy = (versions: CustomResourceDefinitionVersion[]): Set<Part> =>
  new Set(parts.filter((part) => versions.every((version) => isSame(version[part], versions[0]?.[part]))));

const hasAnyStatus = (versions: CustomResourceDefinitionVersion[]) =>
  versions.some(({ subresources }) => subresources?.status);

function versionCauses(
  version: CustomResourceDefinitionVersion,
  path: string,
  shared: Set<Part>,
  old: CustomResourceDefinitionSpec | undefined,
): Cause[] {
  const problems = dns1035LabelProblems(version.name);
  return [
    ...(problems.length ? [invalidValue(`${path}.name`, version.name, problems.join(','))] : []),
    ...deprecationCauses(version, path),
    ...partCauses(version, path, (part) => !shared.has(part), old, !!version.subresources?.status),
  ];
}

function deprecationCauses(
  { deprecated, deprecationWarning: text }: CustomResourceDefinitionVersion,
  path: string,
): Cause[] {
  const about = (why: string) => invalidValue(`${path}.deprecationWarning`, text, why);
  if (text === undefined) return [];
  if (!deprecated) return [about('can only be set for deprecated versions')];
  const causes: Cause[] = [];
  if (Buffer.byteLength(text) > 256) causes.push(about('must be <= 256 characters long'));
  if (text === '') causes.push(about('must not be an empty string'));
  const at = [...text].findIndex((c) => /[^\P{C}]/u.test(c) || (/\s/u.test(c) && c !== ' '));
  if (at >= 0)
    causes.push(
      about(
        `must only contain printable UTF-8 characters; non-printable character found at index ${Buffer.byteLength([...text].slice(0, at).join(''))}`,
      ),
    );
  return causes;
}

/** The parts that a version has to itself, or all of them together. */
function partCauses(
  version: CustomResourceDefinitionVersion,
  path: string,
  isHere: (part: Part) => boolean,
  old: CustomResourceDefinitionSpec | undefined,
  hasStatus: boolean,
): Cause[] {
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = version;
  const isWhole = path === 'spec';
  const schemaPath = `${path}.${isWhole ? 'validation' : 'schema'}`;
  const before = old?.versions.find(({ name }) => name === version.name)?.schema?.openAPIV3Schema;
  return [
    ...(isHere('schema') && schema
      ? schemaCauses(schema.openAPIV3Schema, `${schemaPath}.openAPIV3Schema`, hasStatus, before)
      : []),
    ...(isHere('subresources') ? subresourceCauses(subresources, `${path}.subresources`) : []),
    ...(isHere('additionalPrinterColumns')
      ? additionalPrinterColumns.flatMap((column, i) =>
          columnCauses(column, `${path}.additionalPrinterColumns[${i}]`),
        )
      : []),
    ...(isHere('selectableFields')
      ? selectableCauses(
          selectableFields,
          // What all versions share is not looked for in a version, nor the other way round.
          isHere('schema') ? schema?.openAPIV3Schema : undefined,
          `${path}.selectableFields`,
        )
      : []),
  ];
}

function setCauses(versions: CustomResourceDefinitionVersion[]): Cause[] {
  const field = 'spec.versions';
  const shown = versions.map(({ name, served, storage, deprecated = false, deprecationWarning = null }) => ({
    Name: name,
    Served: served,
    Storage: storage,
    Deprecated: deprecated,
    DeprecationWarning: deprecationWarning,
    Schema: null,
    Subresources: null,
    AdditionalPrinterColumns: null,
    SelectableFields: null,
  }));
  const causes: Cause[] = [];
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    causes.push(invalidValue(field, shown, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    causes.push(
      invalidValue(
        field,
        versions.length ? shown : null,
        'must have exactly one version marked as storage version',
      ),
    );
  return causes;
}

const requiredNames = (names: CustomResourceDefinitionSpec['names'] | undefined): Cause[] =>
  (['plural', 'singular', 'kind', 'listKind'] as const)
    .filter((field) => !names?.[field])
    .map((field) => required(`spec.names.${field}`));

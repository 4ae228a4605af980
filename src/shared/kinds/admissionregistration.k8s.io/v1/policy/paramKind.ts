import type { Cause } from '../../../../errors/apiError.ts';
import {
  dns1035LabelProblems,
  dns1123SubdomainProblems,
  pathSegmentProblems,
} from '../../../../meta/names.ts';
import type { ParamKind, ParamRef } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validSelector } from '../../../validation/labels.ts';
import { checked } from '../../../validation/rules.ts';

/** Returns how tables show the kind of the objects that parameterise a policy. */
export const paramKindText = (kind: ParamKind | undefined): string =>
  kind ? `${kind.apiVersion}/${kind.kind}` : '<unset>';

/** The kind of the objects that parameterise a policy. */
export function paramKindCauses(field: string, param: ParamKind | undefined): Cause[] {
  if (!param) return [];
  const { apiVersion = '', kind = '' } = param;
  const problems = dns1035LabelProblems(kind.toLowerCase());
  const kindCauses =
    kind === ''
      ? [required(`${field}.kind`)]
      : problems.length > 0
        ? [
            invalidValue(
              `${field}.kind`,
              kind,
              `may have mixed case, but should otherwise match: ${problems.join(',')}`,
            ),
          ]
        : [];
  return [...versionCauses(`${field}.apiVersion`, apiVersion), ...kindCauses];
}

function versionCauses(field: string, apiVersion: string): Cause[] {
  if (apiVersion === '') return [required(field)];
  const parts = apiVersion.split('/');
  if (parts.length > 2)
    return [invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group, version] = parts.length === 2 ? parts : ['', parts[0]];
  const joined = (value: string, problems: string[]) =>
    problems.length > 0 ? [invalidValue(field, value, problems.join(','))] : [];
  return [
    ...(group ? joined(group, dns1123SubdomainProblems(group)) : []),
    ...(version
      ? joined(version, dns1035LabelProblems(version))
      : [invalidValue(field, apiVersion, 'version must be specified')]),
  ];
}

const exclusive = 'name and selector are mutually exclusive';

/** Checks which objects a binding gives to its policy. */
export function paramRefCauses(field: string, ref: ParamRef | undefined): Cause[] {
  if (!ref) return [];
  const { name = '', selector, parameterNotFoundAction: action } = ref;
  const causes: Cause[] = [];
  if (name) causes.push(...checked(`${field}.name`, name, pathSegmentProblems));
  if (name && selector) causes.push(forbidden(`${field}.name`, exclusive));
  if (selector) causes.push(...validSelector(`${field}.selector`, selector));
  if (name && selector) causes.push(forbidden(`${field}.selector`, exclusive));
  if (!name && !selector) causes.push(required(field, 'one of name or selector must be specified'));
  if (!action) causes.push(required(`${field}.parameterNotFoundAction`));
  else if (action !== 'Deny' && action !== 'Allow')
    causes.push(notSupported(`${field}.parameterNotFoundAction`, action, ['Deny', 'Allow']));
  return causes;
}

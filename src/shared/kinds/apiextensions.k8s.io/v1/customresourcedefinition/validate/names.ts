import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1035LabelProblems } from '../../../../../meta/names.ts';
import type { CustomResourceDefinitionNames } from '../../../../schema/types.ts';
import { invalidValue } from '../../../../validation/causes.ts';

const mixed = 'may have mixed case, but should otherwise match: ';

/** Checks what names look like; those that are empty are another matter. */
export function nameCauses(names: CustomResourceDefinitionNames, path: string): Cause[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  const label = (field: string, value: string | undefined) => {
    const problems = value ? dns1035LabelProblems(value) : [];
    return problems.length ? [invalidValue(`${path}.${field}`, value, problems.join(','))] : [];
  };
  const kindLabel = (field: string, value: string | undefined) => {
    const problems = value ? dns1035LabelProblems(value.toLowerCase()) : [];
    return problems.length ? [invalidValue(`${path}.${field}`, value, mixed + problems.join(','))] : [];
  };
  const each = (field: string, values: string[]) =>
    values.flatMap((value, i) => {
      const problems = dns1035LabelProblems(value);
      return problems.length ? [invalidValue(`${path}.${field}[${i}]`, value, problems.join(','))] : [];
    });
  return [
    ...label('plural', plural),
    ...label('singular', singular),
    ...kindLabel('kind', kind),
    ...kindLabel('listKind', listKind),
    ...each('shortNames', shortNames),
    ...(kind && kind === listKind
      ? [invalidValue(`${path}.listKind`, listKind, 'kind and listKind may not be the same')]
      : []),
    ...each('categories', categories),
  ];
}

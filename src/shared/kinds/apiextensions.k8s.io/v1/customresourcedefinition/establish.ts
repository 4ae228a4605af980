/**
 * Says which names a definition gets, and whether its kinds are served: a pure function of all definitions of the
 * group.
 */
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionStatus,
} from '../../../schema/types.ts';
import { isSame } from '../../../validation/same.ts';
import { approvalCondition, approvalOf, isProtected } from './approval.ts';
import { withCondition } from './conditions.ts';

/** @param taken the names that other definitions of the group have been given. @param now in milliseconds. */
export function establishedStatus(
  { metadata, spec, status: before }: CustomResourceDefinition,
  taken: readonly CustomResourceDefinitionNames[],
  now: number,
): CustomResourceDefinitionStatus {
  const accepted = before?.acceptedNames ?? { plural: '', kind: '' };
  const { names, conflict } = acceptedNames(spec.names, accepted, taken);
  const isEstablished = before?.conditions?.some(
    ({ type, status }) => type === 'Established' && status === 'True',
  );
  let status = withCondition(before, now, {
    type: 'NamesAccepted',
    status: conflict ? 'False' : 'True',
    reason: conflict?.reason ?? 'NoConflicts',
    message: conflict?.message ?? 'no conflicts found',
  });
  status = { ...status, acceptedNames: names };
  if (!conflict) status = withCondition(status, now, established);
  else if (!isEstablished) status = withCondition(status, now, notAccepted);
  return isProtected(spec.group)
    ? withCondition(status, now, approvalCondition(approvalOf(metadata.annotations)))
    : status;
}

/** Returns whether a definition has all names that it asks for, so that those of others do not matter to it. */
export function hasItsNames({ spec, status }: CustomResourceDefinition): boolean {
  const isTrue = (wanted: string) =>
    status?.conditions?.some(({ type, status }) => type === wanted && status === 'True') === true;
  return (
    isTrue('NamesAccepted') &&
    isTrue('Established') &&
    !isProtected(spec.group) &&
    isSame(spec.names, status?.acceptedNames)
  );
}

const established = {
  type: 'Established',
  status: 'True',
  reason: 'InitialNamesAccepted',
  message: 'the initial names have been accepted',
};
const notAccepted = {
  type: 'Established',
  status: 'False',
  reason: 'NotAccepted',
  message: 'not all names are accepted',
};

interface Conflict {
  reason: string;
  message: string;
}

/** Each name by itself: those that are free are given, for the others what was given before stays. */
function acceptedNames(
  wanted: CustomResourceDefinitionNames,
  before: CustomResourceDefinitionNames,
  taken: readonly CustomResourceDefinitionNames[],
): { names: CustomResourceDefinitionNames; conflict?: Conflict } {
  // Only the wanted ones: the others are of thousands of definitions.
  const { shortNames = [] } = wanted;
  const resources = among([wanted.plural, wanted.singular, ...shortNames], taken, (own) => [
    own.plural,
    own.singular,
    ...(own.shortNames ?? []),
  ]);
  const kinds = among([wanted.kind, wanted.listKind], taken, ({ kind, listKind }) => [kind, listKind]);
  const names: CustomResourceDefinitionNames = { ...before };
  let conflict: Conflict | undefined;
  const take = <K extends 'plural' | 'singular' | 'kind' | 'listKind'>(
    field: K,
    used: Set<string | undefined>,
  ) => {
    const name = wanted[field];
    if (name === before[field] || !used.has(name)) names[field] = name;
    else conflict = { reason: `${capital(field)}Conflict`, message: inUse(name!) };
  };
  take('plural', resources);
  take('singular', resources);
  const lost = shortNames.filter((name) => !before.shortNames?.includes(name) && resources.has(name));
  if (lost.length) conflict = { reason: 'ShortNamesConflict', message: aggregate(lost.map(inUse)) };
  else if (shortNames.length) names.shortNames = shortNames;
  else delete names.shortNames;
  take('kind', kinds);
  take('listKind', kinds);
  if (wanted.categories?.length) names.categories = wanted.categories;
  else delete names.categories;
  return { names, ...(conflict && { conflict }) };
}

/** Returns which of the names others have. */
function among(
  names: readonly (string | undefined)[],
  taken: readonly CustomResourceDefinitionNames[],
  of: (names: CustomResourceDefinitionNames) => readonly (string | undefined)[],
): Set<string | undefined> {
  const used = new Set<string | undefined>();
  for (const own of taken) for (const name of of(own)) if (names.includes(name)) used.add(name);
  return used;
}

const inUse = (name: string) => `${JSON.stringify(name)} is already in use`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const aggregate = (texts: string[]) => (texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`);

/** Returns whether writing `after` would change anything. */
export const isSettled = (
  before: CustomResourceDefinitionStatus | undefined,
  after: CustomResourceDefinitionStatus,
): boolean => isSame(before, after);

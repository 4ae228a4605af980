/** The kinds of a definition: one for each version that is served. */
import type { AnyObject } from '../../meta/object.ts';
import type { Kind, Subresources } from '../kind.ts';
import { compiledPath } from '../printing/jsonpath.ts';
import type { ObjectSchema } from '../schema/objectSchema.ts';
import { allVerbs } from '../verbs.ts';
import { columnsOf } from './columns.ts';
import type { Definition, Version } from './definition.ts';
import { scaleCauses } from './scale.ts';
import type { Structural } from './schema/structural.ts';
import { structuralSchema } from './structuralSchema.ts';
import { byPreference } from './versions.ts';
import { finalizerWarnings } from './warnings.ts';

/** In the order in which discovery prefers them. */
export function kindsOf(definition: Definition): Kind[] {
  const served = definition.versions
    .filter((version) => version.served)
    .sort((a, b) => byPreference(a.name, b.name));
  const best = served.find(({ deprecated }) => !deprecated)?.name;
  return served.map((version) => kindOf(definition, version, best));
}

/** The schema of any version, served or not: what is stored may be of each. */
export function schemaOf(definition: Definition, version: Version): ObjectSchema {
  const { group, names, uid, generation } = definition;
  return structuralSchema({
    names: { group, version: version.name, kind: names.kind, listKind: names.listKind, plural: names.plural },
    load: () => structuralOf(definition, version.name),
    selectable: version.selectable,
    fingerprint: `${uid}.${generation}.${version.name}`,
  });
}

/** Returns whether two versions have the same schema, word by word. */
export const haveSameSchema = (definition: Definition, one: string, other: string): boolean =>
  JSON.stringify(structuralOf(definition, one)) === JSON.stringify(structuralOf(definition, other));

function structuralOf(definition: Definition, version: string): Structural {
  const found = definition.load().spec.versions.find(({ name }) => name === version);
  return (found?.schema?.openAPIV3Schema ?? preserving) as Structural;
}

const preserving: Structural = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** @param best is the version to use in place of a deprecated one. */
function kindOf(definition: Definition, version: Version, best: string | undefined): Kind {
  const { group, names, accepted, namespaced, storageVersion } = definition;
  const subresources = subresourcesOf(version);
  const scale = version.subresources?.scale;
  const deprecated = version.deprecated
    ? (version.deprecationWarning ?? deprecation(definition, version, best))
    : undefined;
  return {
    group,
    version: version.name,
    kind: names.kind,
    listKind: names.listKind,
    plural: names.plural,
    singular: accepted.singular || names.singular,
    shortNames: accepted.shortNames ?? [],
    categories: accepted.categories ?? [],
    namespaced,
    verbs: allVerbs,
    schema: schemaOf(definition, version),
    ...(subresources && { subresources }),
    generation: 'spec',
    statusKeepsMetadata: true,
    storageVersion,
    needsRevision: true,
    freeFinalizers: true,
    itemsSayTheirKind: true,
    columns: columnsOf(version.columns),
    warnings: finalizerWarnings,
    ...(scale && {
      validate: (object) => scaleCauses(object, scale),
      validateStatus: (object) => scaleCauses(object, scale),
    }),
    ...(version.selectable.length > 0 && { selectableFields: selectableOf(version.selectable) }),
    ...(deprecated && { deprecated }),
  };
}

function subresourcesOf({ subresources }: Version): Subresources | undefined {
  const { status, scale } = subresources ?? {};
  if (!status && !scale) return undefined;
  const path = (text: string) => text.replace(/^\./, '');
  return {
    ...(status && { status: true }),
    ...(scale && {
      scale: {
        specReplicas: path(scale.specReplicasPath),
        statusReplicas: path(scale.statusReplicasPath),
        ...(scale.labelSelectorPath && { selectorText: path(scale.labelSelectorPath) }),
        isSparse: true,
      },
    }),
  };
}

function deprecation({ group, names }: Definition, { name }: Version, best: string | undefined): string {
  const said = `${group}/${name} ${names.kind} is deprecated`;
  const isBetter = best !== undefined && byPreference(best, name) < 0;
  return isBetter ? `${said}; use ${group}/${best} ${names.kind}` : said;
}

/** Returns how the fields of these JSON paths are read, by the names that selectors give them. */
export const selectableOf = (paths: string[]): NonNullable<Kind['selectableFields']> =>
  Object.fromEntries(
    paths.map((path) => {
      const find = compiledPath(path);
      return [path.replace(/^\./, ''), (object: AnyObject) => String(find(object)[0] ?? '')];
    }),
  );

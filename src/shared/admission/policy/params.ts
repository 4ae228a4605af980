import { type Kind, resourceName } from '../../kinds/kind.ts';
import { kinds } from '../../kinds/registry.ts';
import type { CustomResourceDefinition, ParamKind, ParamRef } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { selects } from '../../meta/selects.ts';
import type { Storage, Stored } from '../../ports/storage.ts';
import { compiled } from '../../storage/compiled/index.ts';

/** Describes where objects of a kind are stored. */
interface Place {
  readonly resource: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Finds the objects that parameterise a policy.
 * @throws MisconfiguredBinding in upstream's words.
 * @throws UnknownParamKind
 */
export type FindParams = (
  cluster: string,
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  namespace: string,
) => Promise<readonly (AnyObject | undefined)[]>;

/** A binding that cannot be applied as it is. */
export class MisconfiguredBinding extends Error {}

/** A policy whose parameters are of a kind that does not exist. */
export class UnknownParamKind extends Error {
  constructor({ apiVersion = '', kind = '' }: ParamKind) {
    super(`failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`);
  }
}

/** Finds where a kind of parameters is stored. */
export function paramPlaces(
  storage: Storage,
): (cluster: string, kind: ParamKind) => Promise<Place | undefined> {
  const custom = customPlaces(storage);
  return async (cluster, kind) =>
    builtInPlace(kind) ?? (await custom(cluster)).get(`${kind.apiVersion}/${kind.kind}`);
}

export function paramsIn(storage: Storage): FindParams {
  const placeOf = paramPlaces(storage);
  return async (cluster, kind, ref, namespace) => {
    if (!kind) return [undefined];
    const place = await placeOf(cluster, kind);
    if (!place) throw new UnknownParamKind(kind);
    if (!ref) return [undefined];
    if (ref.namespace && !place.namespaced)
      throw new MisconfiguredBinding(
        'paramRef.namespace must not be provided for a cluster-scoped `paramKind`',
      );
    const within = place.namespaced ? ref.namespace || namespace : '';
    if (place.namespaced && !within)
      throw new MisconfiguredBinding(
        'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources',
      );
    const found = await objects(storage, { cluster, resource: place.resource, namespace: within }, ref);
    if (found.length === 0 && ref.parameterNotFoundAction === 'Deny')
      throw new MisconfiguredBinding(
        'no params found for policy binding with `Deny` parameterNotFoundAction',
      );
    return found.map((stored) => ({ apiVersion: kind.apiVersion, kind: kind.kind, ...objectOf(stored) }));
  };
}

const objectOf = ({ value }: Stored): AnyObject => JSON.parse(Buffer.from(value).toString()) as AnyObject;

async function objects(
  storage: Storage,
  scope: { cluster: string; resource: string; namespace: string },
  { name, selector }: ParamRef,
): Promise<Stored[]> {
  if (name) {
    const found = await storage.get({ ...scope, name });
    return found ? [found] : [];
  }
  const { items } = await storage.list({ ...scope });
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const all = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  return items.filter(({ index }) => all || selects(selector, index.labels));
}

function builtInPlace({ apiVersion, kind }: ParamKind): Place | undefined {
  const found = kinds.find((own: Kind) => own.kind === kind && versionOf(own) === apiVersion);
  return (
    found && {
      resource: found.storedAs?.resource ?? resourceName(found),
      plural: found.plural,
      namespaced: found.namespaced,
    }
  );
}
const versionOf = ({ group, version }: Kind): string => (group ? `${group}/${version}` : version);

/** Kinds of definitions by `group/version/Kind`. */
function customPlaces(storage: Storage) {
  return compiled(storage, 'customresourcedefinitions.apiextensions.k8s.io', {
    read: (stored) => placesOf(objectOf(stored) as unknown as CustomResourceDefinition),
    build: (entries) => new Map([...entries.values()].flat()),
  });
}

function placesOf({ spec }: CustomResourceDefinition): [string, Place][] {
  const { plural } = spec.names;
  const place = { resource: `${plural}.${spec.group}`, plural, namespaced: spec.scope === 'Namespaced' };
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name }) => [`${spec.group}/${name}/${spec.names.kind}`, place]);
}

import { type Attributes, checkAllowed } from '../../auth/authorize.ts';
import type { User } from '../../auth/user.ts';
import type { ServedResource } from '../../client/client.ts';
import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { isTold } from '../../events/objectEvent.ts';
import { type Pattern, patternOf } from '../../events/pattern.ts';
import { resourceName } from '../../kinds/kind.ts';
import type { Catalog } from '../catalog.ts';
import type { ApiDeps } from '../deps.ts';
import type { ClusterTarget, Query } from '../http/target.ts';
import { storedResources } from '../servedResources.ts';

/** Describes which events a stream tells of. */
export interface AskedEvents {
  /** As they stand in storage: `deployments.apps`. */
  resources: string[];
  /** All namespaces when it is absent. */
  namespace?: string;
  pattern?: Pattern;
}

/**
 * Reads what is asked for, and keeps it to what the user may watch: a resource that is named has to be allowed, of the others
 * those are left out that are not.
 */
export async function askedEvents(
  { deps, catalog }: { deps: ApiDeps; catalog: Catalog },
  { cluster, query }: ClusterTarget,
  user: User,
): Promise<AskedEvents> {
  const pattern = patternIn(query);
  const namespace = query.get('namespace');
  const named = query.all('resource');
  const most = deps.mostEventResources ?? Number.POSITIVE_INFINITY;
  if (named.length > most || (named.length === 0 && Number.isFinite(most)))
    throw badRequest(`name up to ${most} resources, as ?resource=pods&resource=deployments.apps`);
  const known = storedResources(await catalog.kinds(cluster)).filter((kind) => isTold(resourceName(kind)));
  const attributes = ({ group, version, plural }: ServedResource): Attributes => ({
    ...{ cluster, user, verb: 'watch', path: '' },
    resource: { group, version, plural },
    ...(namespace && { namespace }),
  });
  const rest = { ...(namespace && { namespace }), ...(pattern && { pattern }) };
  if (named.length > 0) {
    for (const name of named) {
      const kind = known.find((each) => resourceName(each) === name);
      if (!kind) throw badRequest(`there are no events of the resource ${JSON.stringify(name)}`);
      if (namespace && !kind.namespaced) throw badRequest(`${JSON.stringify(name)} is in no namespace`);
      await checkAllowed(deps.authorizer, attributes(kind));
    }
    return { resources: [...new Set(named)], ...rest };
  }
  const allowed: string[] = [];
  for (const kind of known)
    if ((!namespace || kind.namespaced) && (await deps.authorizer.decide(attributes(kind))).allowed)
      allowed.push(resourceName(kind));
  if (allowed.length === 0)
    throw new ApiError('Forbidden', `User ${JSON.stringify(user.name)} cannot watch any resource here`);
  return { resources: [...new Set(allowed)], ...rest };
}

function patternIn(query: Query): Pattern | undefined {
  const text = query.get('pattern');
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badRequest('pattern is no JSON');
  }
  const problems: string[] = [];
  const pattern = patternOf(value, 'pattern', (problem) => problems.push(problem));
  if (problems.length > 0) throw badRequest(problems.join(', '));
  return pattern;
}

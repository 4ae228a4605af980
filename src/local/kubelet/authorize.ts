import type { Attributes } from '../../shared/auth/authorize.ts';
import type { User } from '../../shared/auth/user.ts';
import { ownValue, table } from '../../shared/meta/table.ts';

/** Describes a request to a node's own port. */
interface Wanted {
  cluster: string;
  user: User;
  node: string;
  method: string;
  /** Without the logical cluster, decoded. */
  path: string;
}

const verbs: Record<string, string> = table({
  POST: 'create',
  GET: 'get',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
});

/** Subresources of nodes that a kubelet names by the first part of a path; one of each list is enough. */
const subresources: Record<string, string[]> = table({
  checkpoint: ['checkpoint'],
  configz: ['configz', 'proxy'],
  flagz: ['configz'],
  healthz: ['healthz', 'proxy'],
  logs: ['log'],
  metrics: ['metrics'],
  pods: ['pods', 'proxy'],
  runningpods: ['pods', 'proxy'],
  stats: ['stats'],
  statusz: ['statusz'],
});

/**
 * Returns what a request to a node's own port may be allowed by, as a kubelet of 1.35 asks (KubeletFineGrainedAuthz): any of
 * these is enough.
 */
export function attributesOf({ cluster, user, node, method, path }: Wanted): Attributes[] {
  const [, first = ''] = path.split('/');
  return (ownValue(subresources, first) ?? ['proxy']).map((subresource) => ({
    ...{ cluster, user, path, name: node },
    verb: ownValue(verbs, method) ?? '',
    resource: { group: '', version: 'v1', plural: 'nodes', subresource },
  }));
}

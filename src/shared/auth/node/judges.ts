import { parseFieldSelector } from '../../meta/fields.ts';
import { table } from '../../meta/table.ts';
import type { Attributes } from '../authorize.ts';
import type { IsRelated } from './related.ts';

/** Describes what a node asks for. */
export interface Asked extends Attributes {
  node: string;
  /** `secrets`, `leases.coordination.k8s.io`. */
  whole: string;
  subresource: string;
  isRelated: IsRelated;
}
/** Returns why not; undefined: the node may. */
export type Refusal = Promise<string | undefined> | string | undefined;

/** Why not, without a word: somebody else may allow it. */
const refused = '';

async function relatedOnly({ cluster, node, whole, namespace = '', name, isRelated }: Asked) {
  if (!name) return 'No Object name found';
  if (await isRelated({ cluster, node, resource: whole, namespace, name })) return undefined;
  return `no relationship found between node '${node}' and this object`;
}

/** Secrets and ConfigMaps: one by one. */
function read(asked: Asked): Refusal {
  if (!['get', 'list', 'watch'].includes(asked.verb)) return 'can only read resources of this type';
  if (asked.subresource) return 'cannot read subresource';
  return asked.namespace ? relatedOnly(asked) : 'can only read namespaced object of this type';
}

function get(asked: Asked): Refusal {
  if (asked.verb !== 'get') return 'can only get individual resources of this type';
  return asked.subresource ? 'cannot get subresource' : relatedOnly(asked);
}

function claims(asked: Asked): Refusal {
  if (asked.subresource !== 'status') return get(asked);
  if (!['update', 'patch'].includes(asked.verb)) return 'can only get/update/patch this type';
  return relatedOnly(asked);
}

function serviceAccounts(asked: Asked): Refusal {
  const { verb, subresource, name } = asked;
  if (verb === 'get' && !subresource) return read(asked);
  if (verb !== 'create' || !name) return 'can only create tokens for individual service accounts';
  if (subresource !== 'token') return 'can only create token subresource of serviceaccount';
  return relatedOnly(asked);
}

const ofOwn = ['get', 'create', 'update', 'patch', 'delete'];

/** NodeRestriction looks at the names of those that are created. */
function leases({ verb, namespace, name, node }: Asked): Refusal {
  if (!ofOwn.includes(verb)) return 'can only get, create, update, patch, or delete a node lease';
  if (namespace !== 'kube-node-lease')
    return 'can only access leases in the "kube-node-lease" system namespace';
  if (verb === 'create' || name === node) return undefined;
  return 'can only access node lease with the same name as the requesting node';
}

function csiNodes({ verb, subresource, name, node }: Asked): Refusal {
  if (!ofOwn.includes(verb)) return 'can only get, create, update, patch, or delete a CSINode';
  if (subresource) return 'cannot authorize CSINode subresources';
  if (verb === 'create' || name === node) return undefined;
  return 'can only access CSINode with the same name as the requesting node';
}

function slices(asked: Asked): Refusal {
  const { verb, subresource } = asked;
  if (subresource) return 'cannot authorize ResourceSlice subresources';
  if (verb === 'create') return undefined;
  if (['get', 'update', 'patch', 'delete'].includes(verb)) return relatedOnly(asked);
  if (['watch', 'list', 'deletecollection'].includes(verb))
    return isSelected(asked)
      ? undefined
      : 'can only list/watch/deletecollection resourceslices with nodeName field selector';
  return 'only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection';
}

/** NodeRestriction looks at which Node is changed. */
function nodes({ verb, subresource, name, node }: Asked): Refusal {
  if (subresource === 'status' && ['update', 'patch'].includes(verb)) return undefined;
  if (subresource) return refused;
  if (['create', 'update', 'patch'].includes(verb)) return undefined;
  if (!['get', 'list', 'watch'].includes(verb)) return refused;
  if (name === node) return undefined;
  return name
    ? `node '${node}' cannot read '${name}', only its own Node object`
    : `node '${node}' cannot read all nodes, only its own Node object`;
}

/** NodeRestriction looks at where the Pods are that are created, changed and deleted. */
function pods(asked: Asked): Refusal {
  const { verb, subresource, name } = asked;
  if (subresource === 'status') return ['update', 'patch'].includes(verb) ? undefined : refused;
  if (subresource === 'eviction') return verb === 'create' ? undefined : refused;
  if (subresource) return refused;
  if (['create', 'delete'].includes(verb)) return undefined;
  if (verb === 'get') return get(asked);
  if (!['list', 'watch'].includes(verb)) return refused;
  if (isSelected(asked)) return undefined;
  return name ? relatedOnly(asked) : 'can only list/watch pods with spec.nodeName field selector';
}

/** Whether only what is on the node is asked for. */
function isSelected({ fieldSelector, node }: Asked): boolean {
  if (!fieldSelector) return false;
  try {
    return parseFieldSelector(fieldSelector).exactly('spec.nodeName') === node;
  } catch {
    // The request is refused for it by those who read it.
    return false;
  }
}

/** By resource: what a node may do with it. Whatever is not here is the same for all nodes. */
export const judges: Readonly<Record<string, (asked: Asked) => Refusal>> = table({
  secrets: read,
  configmaps: read,
  persistentvolumeclaims: claims,
  persistentvolumes: get,
  'resourceclaims.resource.k8s.io': get,
  'volumeattachments.storage.k8s.io': get,
  serviceaccounts: serviceAccounts,
  'leases.coordination.k8s.io': leases,
  'csinodes.storage.k8s.io': csiNodes,
  'resourceslices.resource.k8s.io': slices,
  nodes,
  pods,
});

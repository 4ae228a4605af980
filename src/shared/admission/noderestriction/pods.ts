import { notFound } from '../../errors/common.ts';
import type { Pod, PodSpec, TokenRequest, Volume } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { Storage } from '../../ports/storage.ts';
import type { Admission } from '../plugin.ts';
import type { NodeRequest, Problem } from './index.ts';

const mirror = 'kubernetes.io/config.mirror';
const quoted = (text: string) => JSON.stringify(text);

/** A node creates mirror Pods, and deletes, evicts and tells the status of those that are on it. */
export const podProblem: Problem = (request) => {
  const { subresource = '', operation } = request.admission;
  if (subresource === 'status') return statusProblem(request);
  if (subresource === 'eviction') return evictionProblem(request);
  if (subresource !== '')
    return `unexpected pod subresource ${quoted(subresource)}, only 'status' and 'eviction' are allowed`;
  if (operation === 'CREATE') return mirrorProblem(request);
  if (operation === 'DELETE') return deletionProblem(request);
  return `unexpected operation ${quoted(operation)}, node ${quoted(request.node)} can only create and delete mirror pods`;
};

function deletionProblem({ node, admission }: NodeRequest): string | undefined {
  const isOwn = (admission.old as Pod | undefined)?.spec?.nodeName === node;
  return isOwn ? undefined : `node ${quoted(node)} can only delete pods with spec.nodeName set to itself`;
}

async function mirrorProblem({ node, admission, storage }: NodeRequest): Promise<string | undefined> {
  const { metadata, spec } = admission.object as Pod;
  const who = `node ${quoted(node)}`;
  if (!Object.hasOwn(metadata.annotations ?? {}, mirror))
    return `pod does not have ${quoted(mirror)} annotation, ${who} can only create mirror pods`;
  if (spec?.nodeName !== node) return `${who} can only create pods with spec.nodeName set to itself`;
  const owners = metadata.ownerReferences ?? [];
  if (owners.length > 1) return `${who} can only create pods with a single owner reference set to itself`;
  const [owner] = owners;
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node)
    return `${who} can only create pods with an owner reference set to itself`;
  if (!owner.controller) return `${who} can only create pods with a controller owner reference set to itself`;
  if (owner.blockOwnerDeletion) return `${who} must not set blockOwnerDeletion on an owner reference`;
  const key = { cluster: admission.cluster, resource: 'nodes', namespace: '', name: node };
  const stored = await storage.get(key);
  if (!stored) throw notFound({ group: '', plural: 'nodes', name: node });
  const { uid } = (JSON.parse(Buffer.from(stored.value).toString()) as Pod).metadata;
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`;
  const referenced = referencedBy(spec);
  return referenced && `${who} can not create pods that reference ${referenced}`;
}

/** Returns what a Pod needs of the API; undefined for nothing. */
function referencedBy(spec: PodSpec): string | undefined {
  if (spec.serviceAccountName) return 'serviceaccounts';
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const env = containers.flatMap((own) => own.env ?? []);
  const envFrom = containers.flatMap((own) => own.envFrom ?? []);
  const volumes = spec.volumes ?? [];
  if (
    spec.imagePullSecrets?.length ||
    env.some(({ valueFrom }) => valueFrom?.secretKeyRef) ||
    envFrom.some(({ secretRef }) => secretRef) ||
    volumes.some((own) => own.secret || own.azureFile || own.projected?.sources?.some(({ secret }) => secret))
  )
    return 'secrets';
  if (
    env.some(({ valueFrom }) => valueFrom?.configMapKeyRef) ||
    envFrom.some(({ configMapRef }) => configMapRef) ||
    volumes.some((own) => own.configMap || own.projected?.sources?.some(({ configMap }) => configMap))
  )
    return 'configmaps';
  if (spec.resourceClaims?.length) return 'resourceclaims';
  return volumes.map(volumeReference).find((found) => found !== undefined);
}

function volumeReference(volume: Volume): string | undefined {
  if (volume.csi) return 'csidrivers (via CSI volumes)';
  if (volume.glusterfs) return 'endpoints (via glusterFS volumes)';
  if (volume.persistentVolumeClaim) return 'persistentvolumeclaims';
  if (volume.ephemeral) return 'persistentvolumeclaims (via ephemeral volumes)';
  const sources = volume.projected?.sources ?? [];
  if (sources.some((own) => own.serviceAccountToken)) return 'serviceaccounts (via projected volumes)';
  if (sources.some((own) => own.clusterTrustBundle)) return 'clustertrustbundles';
  return sources.some((own) => own.podCertificate) ? 'podcertificates' : undefined;
}

function statusProblem({ node, admission }: NodeRequest): string | undefined {
  const { operation, object, old } = admission;
  if (operation !== 'UPDATE') return `unexpected operation ${quoted(operation)}`;
  const [before, after] = [old, object] as [Pod, Pod];
  const who = `node ${quoted(node)}`;
  if (before.spec?.nodeName !== node)
    return `${who} can only update pod status for pods with spec.nodeName set to itself`;
  if (!isSame(before.metadata.labels ?? {}, after.metadata.labels ?? {}))
    return `${who} cannot update labels through pod status`;
  const { status: was } = before;
  const { status: is } = after;
  if (!isSame(was?.resourceClaimStatuses ?? [], is?.resourceClaimStatuses ?? []))
    return `${who} cannot update resource claim statues`;
  return isSame(was?.extendedResourceClaimStatus, is?.extendedResourceClaimStatus)
    ? undefined
    : `${who} cannot update extended resource claim status`;
}

async function evictionProblem({ node, admission, storage }: NodeRequest): Promise<string | undefined> {
  const { operation, name, object } = admission;
  if (operation !== 'CREATE') return `unexpected operation ${operation}`;
  const asked = name || object?.metadata.name;
  if (!asked) return 'could not determine pod from request data';
  const { spec } = await podNamed(storage, admission, asked);
  return spec?.nodeName === node
    ? undefined
    : `node ${node} can only evict pods with spec.nodeName set to itself`;
}

/** A node asks for tokens of Pods that are on it. */
export const tokenProblem: Problem = async ({ node, admission, storage }) => {
  const { operation, subresource, object } = admission;
  if (operation !== 'CREATE' || subresource !== 'token') return undefined;
  const { boundObjectRef: ref } = (object as unknown as TokenRequest).spec;
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name)
    return 'node requested token not bound to a pod';
  if (!ref.uid) return 'node requested token with a pod binding without a uid';
  const { metadata, spec } = await podNamed(storage, admission, ref.name);
  if (metadata.uid !== ref.uid)
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`;
  return spec?.nodeName === node
    ? undefined
    : 'node requested token bound to a pod scheduled on a different node';
};

/** Throws NotFound. */
async function podNamed(storage: Storage, { cluster, namespace }: Admission, name: string): Promise<Pod> {
  const stored = await storage.get({ cluster, resource: 'pods', namespace, name });
  if (!stored) throw notFound({ group: '', plural: 'pods', name });
  return JSON.parse(Buffer.from(stored.value).toString()) as Pod;
}

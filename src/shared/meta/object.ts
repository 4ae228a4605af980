import type { ObjectMeta, OwnerReference } from '../kinds/schema/types.ts';

/** Any Kubernetes object as plain JSON. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/** An object whose fields are not known at compile time. */
export type AnyObject = KubeObject & Record<string, unknown>;

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find((owner) => owner.controller);

/** The reference that makes `owner` the controller of a child. */
export const controllerReference = (
  owner: Required<Pick<KubeObject, 'apiVersion' | 'kind'>> & KubeObject,
): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

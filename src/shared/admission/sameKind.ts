import { ApiError } from '../errors/apiError.ts';
import { badRequest } from '../errors/common.ts';
import type { AnyObject } from '../meta/object.ts';

/** A patch may not make another object of it: another kind, or one of another namespace. */
export function checkKind(result: AnyObject, { kind, apiVersion, metadata }: AnyObject): void {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return;
  if (result.kind !== kind || result.apiVersion !== apiVersion) {
    const shown = (of: Pick<AnyObject, 'apiVersion' | 'kind'>) =>
      `${`${of.apiVersion ?? ''}`.split('/').at(-1)}.${of.kind ?? ''}`;
    const group = apiVersion?.includes('/') ? apiVersion.split('.')[0]!.split('/')[0] : 'core';
    throw new ApiError('Unknown', `converting (${shown(result)}) to (${group}.${kind}): unknown conversion`);
  }
  if (result.metadata?.namespace !== metadata.namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
}

import type { KubeObject } from '../../meta/object.ts';
import { same } from './hash.ts';

/**
 * Returns whether only the status has changed, which its own controller alone writes: there is nothing to do after that. An
 * object that is offered again, as it is, is no report.
 */
export const isOwnReport = (object: KubeObject, old: KubeObject | undefined): boolean =>
  old !== undefined && old !== object && same(asked(object), asked(old));

const asked = ({ metadata, ...object }: KubeObject & { status?: unknown }) => [
  unstamped(metadata),
  { ...object, status: undefined },
];

/** Returns metadata without what each write stamps, to compare it by. */
export const unstamped = <M extends object>(metadata: M) => ({
  ...metadata,
  resourceVersion: '',
  managedFields: [],
});

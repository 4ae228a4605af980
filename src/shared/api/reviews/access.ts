import type { Attributes } from '../../auth/authorize.ts';
import type { User } from '../../auth/user.ts';
import type {
  SelfSubjectAccessReviewSpec,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
} from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Call } from '../request.ts';

/** Returns whether the user may do what a review's spec says. */
export async function reviewAccess({ deps, cluster }: Call, user: User, object: AnyObject) {
  const { spec } = object as unknown as SubjectAccessReview;
  const { allowed, reason } = await deps.authorizer.decide(attributesOf(cluster, user, spec));
  return { ...object, status: { allowed, ...(reason && { reason }) } };
}

/** Returns the user that a review names. */
export const subjectOf = ({ user = '', uid, groups = [], extra }: SubjectAccessReviewSpec): User => ({
  name: user,
  ...(uid && { uid }),
  groups,
  ...(extra && { extra }),
});

function attributesOf(cluster: string, user: User, spec: SelfSubjectAccessReviewSpec): Attributes {
  const wanted = spec.resourceAttributes;
  if (!wanted) {
    const { verb = '', path = '' } = spec.nonResourceAttributes ?? {};
    return { cluster, user, verb, path };
  }
  const { group = '', version = '', resource = '', subresource, namespace, name, verb = '' } = wanted;
  return {
    cluster,
    user,
    verb,
    resource: { group, version, plural: resource, ...(subresource && { subresource }) },
    ...(namespace && { namespace }),
    ...(name && { name }),
    path: '',
  };
}

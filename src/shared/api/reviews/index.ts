import type { Attributes } from '../../auth/authorize.ts';
import { formatTime } from '../../clock/clock.ts';
import { invalid } from '../../errors/common.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { SelfSubjectAccessReview, SelfSubjectRulesReview } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { warningHeaders } from '../http/answer.ts';
import { methodNotAllowed } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import { respondObject } from '../http/object.ts';
import type { Call, Serve } from '../request.ts';
import { readBody } from '../write/body.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';

type Answer = (call: Call, object: AnyObject) => Promise<AnyObject>;

const answers: Record<string, Answer> = {
  SelfSubjectReview: async ({ deps, user }, object) => ({
    ...object,
    metadata: { ...object.metadata, creationTimestamp: formatTime(deps.clock.now()) },
    status: { userInfo: userInfo(user) },
  }),
  SelfSubjectAccessReview: async (call, object) => {
    const attributes = attributesOf(call, object as unknown as SelfSubjectAccessReview);
    return { ...object, status: { allowed: await call.deps.authorizer.allows(attributes) } };
  },
  SelfSubjectRulesReview: async ({ deps, cluster, user }, object) => {
    const { spec } = object as unknown as SelfSubjectRulesReview;
    const rules = await deps.authorizer.rules(cluster, user, spec.namespace ?? '');
    return { ...object, spec: {}, status: { ...rules, incomplete: false } };
  },
};

/** POST of a review: answered from who asks, never stored. */
export function review(kind: Kind): Serve {
  const answer = answers[kind.kind];
  if (!answer) throw methodNotAllowed();
  return async (call): Promise<ApiResponse> => {
    const { served, request } = call;
    const options = writeOptions(call.query, 'CreateOptions');
    const expected = { ...served.kind, apiVersion: served.apiVersion };
    const decoded = decodeBody(await readBody(request), request.header('content-type'), expected);
    const warnings = settleProblems(decoded.problems, options.fieldValidation, expected);
    const object = { ...decoded.object, metadata: decoded.object.metadata ?? {} };
    const causes = kind.validate?.(object) ?? [];
    if (causes.length) throw invalid(kind.kind, kind.group, '', causes);
    const response = respondObject(call, await answer(call, object), 201);
    return { ...response, headers: { ...response.headers, ...warningHeaders(warnings) } };
  };
}

const userInfo = ({ name, uid, groups, extra }: Call['user']) => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length && { groups }),
  ...(extra && { extra }),
});

function attributesOf({ cluster, user }: Call, { spec }: SelfSubjectAccessReview): Attributes {
  const wanted = spec.resourceAttributes;
  if (!wanted)
    return {
      cluster,
      user,
      verb: spec.nonResourceAttributes?.verb ?? '',
      path: spec.nonResourceAttributes?.path ?? '',
    };
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

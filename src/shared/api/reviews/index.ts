import { formatTime } from '../../clock/clock.ts';
import { badRequest, invalid } from '../../errors/common.ts';
import type { SelfSubjectRulesReview, SubjectAccessReview } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { table } from '../../meta/table.ts';
import { warningHeaders } from '../http/answer.ts';
import { methodNotAllowed } from '../http/errors.ts';
import { respondObject } from '../http/object.ts';
import type { Call, Serve } from '../request.ts';
import { readBody } from '../write/body.ts';
import { checkNamespace } from '../write/create.ts';
import { decodeBody, settleProblems } from '../write/decode.ts';
import { writeOptions } from '../write/options.ts';
import { reviewAccess, subjectOf } from './access.ts';
import { reviewToken } from './token.ts';
import { userInfo } from './userInfo.ts';

type Answer = (call: Call, object: AnyObject) => Promise<AnyObject>;

/** Returns whether the one that the review names may do what it says. */
const ofSubject: Answer = (call, object) =>
  reviewAccess(call, subjectOf((object as unknown as SubjectAccessReview).spec), object);

const answers: Record<string, Answer> = table({
  SelfSubjectReview: async ({ deps, user }, object) => ({
    ...object,
    metadata: { ...object.metadata, creationTimestamp: formatTime(deps.clock.now()) },
    status: { userInfo: userInfo(user) },
  }),
  SelfSubjectAccessReview: (call, object) => reviewAccess(call, call.user, object),
  SubjectAccessReview: ofSubject,
  LocalSubjectAccessReview: ofSubject,
  SelfSubjectRulesReview: async ({ deps, cluster, user }, object) => {
    const { namespace } = (object as unknown as SelfSubjectRulesReview).spec;
    if (!namespace) throw badRequest('no namespace on request');
    const rules = await deps.authorizer.rules(cluster, user, namespace);
    return { ...object, spec: {}, status: { ...rules, incomplete: rules.incomplete ?? false } };
  },
  TokenReview: reviewToken,
});

/** POST of a review: answered from who asks, never stored. */
export const review: Serve = async (call) => {
  const { deps, served, request, namespace } = call;
  const { kind } = served;
  const answer = answers[kind.kind];
  if (!answer) throw methodNotAllowed();
  const options = writeOptions(call.query, 'CreateOptions');
  const expected = { ...kind, apiVersion: served.apiVersion };
  const decoded = await decodeBody(await readBody(request), request.header('content-type'), expected, deps);
  const warnings = settleProblems(decoded.problems, options.fieldValidation, expected);
  const { metadata = {} } = decoded.object;
  checkNamespace(kind.namespaced, namespace, metadata.namespace);
  const object = { ...decoded.object, metadata: { ...metadata, ...(namespace && { namespace }) } };
  const causes = kind.validate?.(object) ?? [];
  // A real server does not name the kind here.
  if (causes.length) throw invalid('', kind.group, '', causes);
  const response = respondObject(call, await answer(call, object), 201);
  return { ...response, headers: { ...response.headers, ...warningHeaders(warnings) } };
};

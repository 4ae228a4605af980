import { ApiError } from '../errors/apiError.ts';
import { isComing, type Soon } from '../meta/soon.ts';
import { table } from '../meta/table.ts';
import type { User } from './user.ts';

/** Describes what a request wants to do. */
export interface Attributes {
  cluster: string;
  user: User;
  /** create, get, list, watch, update, patch, delete, deletecollection, impersonate; else the lower-case method. */
  verb: string;
  /** Absent for paths outside the resources. */
  resource?: { group: string; version: string; plural: string; subresource?: string };
  namespace?: string;
  name?: string;
  /** Of a list, a watch or a deletion of many: as it was sent. */
  fieldSelector?: string;
  path: string;
}

export interface Rules {
  resourceRules: { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames?: string[] }[];
  nonResourceRules: { verbs: string[]; nonResourceURLs: string[] }[];
  /** Is what could not be looked up; the rules are then not all. */
  evaluationError?: string;
  /** Somebody who decides cannot list what it allows. */
  incomplete?: boolean;
}

export interface Decision {
  allowed: boolean;
  /** Is what allows it, or what went wrong while looking for it. Clients see it. */
  reason?: string;
}

export interface Authorizer {
  decide(attributes: Attributes): Promise<Decision> | Decision;
  /** Everything a user may do in a namespace, for SelfSubjectRulesReview. */
  rules(cluster: string, user: User, namespace: string): Promise<Rules> | Rules;
}

/** Throws Forbidden for what is not allowed. Returns what allows it, if that is known. */
export function checkAllowed(authorizer: Authorizer, attributes: Attributes): Soon<string | undefined> {
  const decision = authorizer.decide(attributes);
  if (isComing(decision)) return decision.then((each) => reasonOf(each, attributes));
  return reasonOf(decision, attributes);
}

function reasonOf({ allowed, reason }: Decision, attributes: Attributes): string | undefined {
  if (!allowed) throw forbidden(attributes, reason);
  return reason;
}

/** 403 in the words of a real server. */
export function forbidden(attributes: Attributes, reason?: string): ApiError {
  const { user, verb, resource, namespace, name, path } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  const why = reason ? `: ${reason}` : '';
  if (!resource) {
    const what = withoutMarkup(`${who} path ${JSON.stringify(path)}`);
    return new ApiError('Forbidden', `forbidden: ${what}${why}`, { details: {} });
  }
  const { group, plural, subresource } = resource;
  const full = subresource ? `${plural}/${subresource}` : plural;
  const subject = `${group ? `${plural}.${group}` : plural}${name ? ` ${JSON.stringify(name)}` : ''}`;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const what = withoutMarkup(
    `${who} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${where}`,
  );
  return new ApiError('Forbidden', `${subject} is forbidden: ${what}${why}`, {
    details: { ...(name && { name }), ...(group && { group }), kind: plural },
  });
}

const entities: Record<string, string> = table({ '&': '&amp;', '<': '&lt;', '>': '&gt;' });
/** No browser may take what a caller wrote for HTML. */
const withoutMarkup = (text: string) => text.replace(/[&<>]/g, (character) => entities[character]!);

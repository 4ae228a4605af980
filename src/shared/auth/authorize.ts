import { ApiError } from '../errors/apiError.ts';
import type { User } from './user.ts';

/** What a request wants to do. */
export interface Attributes {
  cluster: string;
  user: User;
  /** create, get, list, watch, update, patch, delete, deletecollection, impersonate; else the lower-case method. */
  verb: string;
  /** Absent for paths outside the resources. */
  resource?: { group: string; version: string; plural: string; subresource?: string };
  namespace?: string;
  name?: string;
  path: string;
}

export interface Rules {
  resourceRules: { verbs: string[]; apiGroups: string[]; resources: string[] }[];
  nonResourceRules: { verbs: string[]; nonResourceURLs: string[] }[];
}

export interface Authorizer {
  allows(attributes: Attributes): Promise<boolean> | boolean;
  /** Everything a user may do in a namespace, for SelfSubjectRulesReview. */
  rules(cluster: string, user: User, namespace: string): Promise<Rules> | Rules;
}

/** 403 in the words of a real server. */
export function forbidden(attributes: Attributes): ApiError {
  const { user, verb, resource, namespace, name, path } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  if (!resource)
    return new ApiError('Forbidden', `forbidden: ${who} path ${JSON.stringify(path)}`, { details: {} });
  const { group, plural, subresource } = resource;
  const full = subresource ? `${plural}/${subresource}` : plural;
  const subject = `${group ? `${plural}.${group}` : plural}${name ? ` ${JSON.stringify(name)}` : ''}`;
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return new ApiError(
    'Forbidden',
    `${subject} is forbidden: ${who} resource ${JSON.stringify(full)} in API group ${JSON.stringify(group)} ${where}`,
    { details: { ...(name && { name }), ...(group && { group }), kind: plural } },
  );
}

import type { Authorizer, Rules } from './authorize.ts';
import { masters } from './user.ts';

const open = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const isOpen = (path: string) => open.includes(path) || /^\/(healthz|livez|readyz)\//.test(path);

const everything: Rules = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};
const health: Rules = {
  resourceRules: [],
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: open }],
};

const isKnown = (groups: string[]) => groups.includes('system:authenticated') || groups.includes(masters);

/**
 * Whoever holds a credential may do everything; anonymous callers may ask for health and version. The place of RBAC.
 * Only system:masters may act as somebody else.
 */
export const alwaysAllow: Authorizer = {
  decide: ({ user, verb, resource, path }) => {
    if (verb === 'impersonate') return { allowed: user.groups.includes(masters) };
    if (isKnown(user.groups)) return { allowed: true };
    return { allowed: !resource && verb === 'get' && isOpen(path) };
  },
  rules: (_cluster, user) => (isKnown(user.groups) ? everything : health),
};

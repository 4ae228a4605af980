import type { PathRule, ResourceRule } from './rules.ts';

/** What Kubernetes grants without any binding. */

const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const documents = ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'];

/** Strangers too. */
export const publicPaths: PathRule[] = [{ verbs: ['get'], nonResourceURLs: health }];

/** Everybody who is known: what there is, and what they may do. */
export const knownPaths: PathRule[] = [...publicPaths, { verbs: ['get'], nonResourceURLs: documents }];

export const knownResources: ResourceRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];

import { type Authorizer, isAuthenticated } from './auth.ts';

/** What anybody may ask: whether the server is there and which version it has. */
const open = new Set(['/healthz', '/livez', '/readyz', '/version']);

/** Whoever is authenticated may do everything (kube-apiserver's AlwaysAllow); others may see health and version. */
export const authenticatedMayAll: Authorizer = ({ user, path }) => ({
  allowed: isAuthenticated(user) || (path !== undefined && open.has(path.replace(/\/$/, ''))),
});

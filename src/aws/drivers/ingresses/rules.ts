import type { Cause } from '../../../shared/errors/apiError.ts';
import type { HTTPIngressPath, Ingress, IngressBackend } from '../../../shared/kinds/schema/types.ts';
import type { Annotations } from '../loadBalancers/annotations.ts';
import { actionOf, albPrefix, type BackendAction, usesAnnotation } from './actions.ts';
import { conditionsOf } from './conditions.ts';
import type { Condition } from './stack.ts';

/** A rule whose targets are Services still. */
export interface BackendRule {
  conditions: Condition[];
  action: BackendAction;
}

/** A path of an Ingress with its host. */
interface Route {
  /** Place of the host's rule in the Ingress. */
  at: number;
  host: string;
  path: string;
  type: string;
  backend: IngressBackend;
}

/**
 * The Ingress's rules in the order in which a listener has to look at them: hosts in full before wildcards before none,
 * then exact paths, then longer prefixes before shorter ones. Hosts of an Ingress with actions or conditions stay in the
 * order in which they were written, as the AWS Load Balancer Controller has them. Findings are added to `a`.
 */
export function rulesOf(a: Annotations, { metadata, spec }: Ingress): BackendRule[] {
  const routes = (spec?.rules ?? []).flatMap(({ host = '', http }, at) =>
    (http?.paths ?? []).map((path, n): Route => {
      a.causes.push(...findings(`spec.rules[${at}].http.paths[${n}]`, path));
      return { at, host, path: path.path ?? '', type: path.pathType ?? '', backend: path.backend };
    }),
  );
  const hostOrder = routes.some(({ backend }) => isAnnotated(backend, metadata.annotations))
    ? byPlace
    : byHost;
  return routes
    .sort((left, right) => hostOrder(left, right) || byPath(left, right))
    .flatMap(({ host, path, type, backend }) => {
      const conditions = conditionsOf(a, backend.service?.name ?? '', host, patternsOf(path, type));
      const action = backendAction(a, backend, metadata.annotations);
      return action ? [{ conditions, action }] : [];
    });
}

/** For what no rule is about; undefined where the Ingress has no default. */
export function defaultOf(a: Annotations, { metadata, spec }: Ingress): BackendAction | undefined {
  if (!spec?.defaultBackend) return undefined;
  a.causes.push(...backendFindings('spec.defaultBackend', spec.defaultBackend));
  return backendAction(a, spec.defaultBackend, metadata.annotations);
}

const backendAction = (a: Annotations, backend: IngressBackend, annotations?: Record<string, string>) =>
  actionOf(backend, annotations, (key, message) => a.refuse(key, message));

const isAnnotated = (backend: IngressBackend, annotations: Record<string, string> = {}) =>
  usesAnnotation(backend) || annotations[`${albPrefix}conditions.${backend.service?.name}`] !== undefined;

function findings(field: string, { path = '', pathType, backend }: HTTPIngressPath): Cause[] {
  const causes = backendFindings(`${field}.backend`, backend);
  if (pathType !== 'ImplementationSpecific' && /[*?]/.test(path)) {
    const message = `Invalid value: ${JSON.stringify(path)}: wildcards need the pathType ImplementationSpecific`;
    causes.push({ reason: 'FieldValueInvalid', field: `${field}.path`, message });
  }
  return causes;
}

const backendFindings = (field: string, { resource }: IngressBackend): Cause[] =>
  resource
    ? [
        {
          reason: 'FieldValueNotSupported',
          field: `${field}.resource`,
          message: 'Unsupported value: backends are Services',
        },
      ]
    : [];

/** Empty: any path. */
function patternsOf(path: string, type: string): string[] {
  if (type === 'Exact') return [path];
  if (type === 'ImplementationSpecific') return path === '' || path === '/*' ? [] : [path];
  const stem = path.replace(/\/$/, '');
  return stem === '' ? [] : [stem, `${stem}/*`];
}

const byPlace = (a: Route, b: Route) => a.at - b.at;

function byHost(a: Route, b: Route): number {
  const rank = hostRank(a) - hostRank(b);
  return rank !== 0 || !a.host.startsWith('*') ? rank : b.host.length - a.host.length;
}

function byPath(a: Route, b: Route): number {
  const type = types.indexOf(a.type) - types.indexOf(b.type);
  // Patterns stay in the order in which they were written.
  return type !== 0 || a.type !== 'Prefix' ? type : b.path.length - a.path.length;
}

const types = ['Exact', 'Prefix', 'ImplementationSpecific'];
const hostRank = ({ host }: Route) => (host === '' ? 2 : host.startsWith('*') ? 1 : 0);

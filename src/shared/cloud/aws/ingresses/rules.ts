import type { Cause } from '../../../errors/apiError.ts';
import { invalid } from '../../../errors/common.ts';
import type { HTTPIngressPath, Ingress, IngressBackend } from '../../../kinds/schema/types.ts';
import type { RuleAction, WebRule } from './stack.ts';

/** A path of an Ingress with its host. */
interface Route {
  host: string;
  path: string;
  type: string;
  action: RuleAction;
}

/** Most rules of a listener. */
const mostRules = 100;

/**
 * The Ingress's rules in the order in which a listener has to look at them: hosts in full before wildcards before none,
 * then exact paths, then longer prefixes before shorter ones. `actionOf` says where a backend is. Throws Invalid.
 */
export function rulesOf(ingress: Ingress, actionOf: (backend: IngressBackend) => RuleAction): WebRule[] {
  const causes: Cause[] = [];
  const routes = (ingress.spec?.rules ?? []).flatMap(({ host = '', http }, i) =>
    (http?.paths ?? []).map((path, n): Route => {
      causes.push(...findings(`spec.rules[${i}].http.paths[${n}]`, path));
      return {
        host,
        path: path.path ?? '',
        type: path.pathType ?? '',
        action: actionOf(path.backend),
      };
    }),
  );
  causes.push(...backendFindings('spec.defaultBackend', ingress.spec?.defaultBackend));
  if (routes.length > mostRules) {
    const message = `Too many: ${routes.length}: must have at most ${mostRules} paths`;
    causes.push({ reason: 'FieldValueTooMany', field: 'spec.rules', message });
  }
  if (causes.length > 0) throw invalid('Ingress', 'networking.k8s.io', ingress.metadata.name ?? '', causes);
  return routes.sort(before).map(({ host, path, type, action }) => {
    const hosts = host ? [host] : [];
    const paths = patternsOf(path, type);
    // A rule has to ask for something.
    return { hosts, paths: hosts.length === 0 && paths.length === 0 ? ['/*'] : paths, action };
  });
}

function findings(field: string, { path = '', pathType, backend }: HTTPIngressPath): Cause[] {
  const causes = backendFindings(`${field}.backend`, backend);
  if (pathType !== 'ImplementationSpecific' && /[*?]/.test(path)) {
    const message = `Invalid value: ${JSON.stringify(path)}: wildcards need the pathType ImplementationSpecific`;
    causes.push({ reason: 'FieldValueInvalid', field: `${field}.path`, message });
  }
  return causes;
}

function backendFindings(field: string, backend: IngressBackend | undefined): Cause[] {
  const unsupported = (at: string, why: string): Cause[] => [
    { reason: 'FieldValueNotSupported', field: at, message: `Unsupported value: ${why}` },
  ];
  if (backend?.resource) return unsupported(`${field}.resource`, 'backends are Services');
  if (backend?.service?.port?.name === 'use-annotation')
    return unsupported(`${field}.service.port.name`, 'actions in annotations are not supported');
  return [];
}

/** Empty: any path. */
function patternsOf(path: string, type: string): string[] {
  if (type === 'Exact') return [path];
  if (type === 'ImplementationSpecific') return path === '' || path === '/*' ? [] : [path];
  const stem = path.replace(/\/$/, '');
  return stem === '' ? [] : [stem, `${stem}/*`];
}

function before(a: Route, b: Route): number {
  const host = hostRank(a) - hostRank(b);
  if (host !== 0) return host;
  const wildcard = b.host.length - a.host.length;
  if (a.host.startsWith('*') && wildcard !== 0) return wildcard;
  const type = types.indexOf(a.type) - types.indexOf(b.type);
  // Patterns stay in the order in which they were written.
  return type !== 0 || a.type !== 'Prefix' ? type : b.path.length - a.path.length;
}

const types = ['Exact', 'Prefix', 'ImplementationSpecific'];
const hostRank = ({ host }: Route) => (host === '' ? 2 : host.startsWith('*') ? 1 : 0);

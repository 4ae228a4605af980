import { table } from '../../../shared/meta/table.ts';
import type { Annotations } from '../loadBalancers/annotations.ts';
import type { Scheme } from '../loadBalancers/stack.ts';
import { type BackendAction, fixedResponse, redirectTo } from './actions.ts';
import type { Member } from './members.ts';
import { withoutLoops } from './redirects.ts';
import type { BackendRule } from './rules.ts';
import type { WebListener } from './stack.ts';

/** Describes what Ingresses ask of the load balancer together. */
export interface Merged {
  scheme: Scheme;
  name?: string;
  subnets: string[];
  securityGroups: string[];
  attributes: Record<string, string>;
  tags: Record<string, string>;
  listeners: MergedListener[];
}

/** Actions lead to Services still, those of the Ingress that they are of. */
export interface MergedListener extends Omit<WebListener, 'otherwise' | 'rules'> {
  sourceRanges: string[];
  otherwise: { action: BackendAction; of?: Member };
  rules: (BackendRule & { of: Member })[];
}

const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
/** The limit of ELBv2 for all listeners of a load balancer together. */
const mostRules = 100;

/**
 * As the AWS Load Balancer Controller merges a group, in its words. `a` are the annotations of the Ingress that came
 * last: it is told what it has otherwise than those before it. Pure.
 */
export function merge(a: Annotations, members: Member[]): Merged {
  const sslRedirect = agreed(a, 'ssl-redirect', 'sslRedirect port', members, (s) => s.sslRedirect);
  const merged: Merged = {
    scheme: agreed(a, 'scheme', 'scheme', members, (s) => s.scheme) ?? 'internet-facing',
    name: agreed(a, 'load-balancer-name', 'load balancer name', members, (s) => s.name),
    subnets: agreed(a, 'subnets', 'subnets', members, (s) => said(s.subnets.toSorted())) ?? [],
    securityGroups:
      agreed(a, 'security-groups', 'securityGroups', members, (s) => said(s.securityGroups)) ?? [],
    attributes: pairs(
      a,
      'load-balancer-attributes',
      'load balancer attribute',
      members.map((m) => m.settings.attributes),
    ),
    tags: pairs(
      a,
      'tags',
      'tag',
      members.map((m) => m.settings.tags),
    ),
    listeners: portsOf(members).map((port) => listenerAt(a, port, members, sslRedirect)),
  };
  checkTogether(a, merged, sslRedirect);
  return merged;
}

const portsOf = (members: Member[]) =>
  [...new Set(members.flatMap(({ settings }) => settings.listen.map(({ port }) => port)))].sort(
    (x, y) => x - y,
  );

function listenerAt(
  a: Annotations,
  port: number,
  members: Member[],
  sslRedirect: number | undefined,
): MergedListener {
  const here = members.filter(({ settings }) => settings.listen.some((l) => l.port === port));
  const protocolOf = ({ listen }: Member['settings']) => listen.find((l) => l.port === port)?.protocol;
  const protocol = agreed(a, 'listen-ports', 'protocol', here, protocolOf) ?? 'HTTP';
  const sourceRanges = agreed(a, 'inbound-cidrs', 'inbound-cidrs', here, (s) =>
    said(s.sourceRanges.toSorted()),
  );
  const common = { port, protocol, sourceRanges: sourceRanges ?? ['0.0.0.0/0'] };
  if (protocol === 'HTTP' && sslRedirect !== undefined) {
    const action = redirectTo('HTTP_301', { protocol: 'HTTPS', port: String(sslRedirect) });
    return { ...common, certificates: [], otherwise: { action }, rules: [] };
  }
  const rules = here.flatMap((of) => of.rules.map((rule) => ({ ...rule, of })));
  const routes = { otherwise: defaultOf(a, here), rules: withoutLoops(rules, common) };
  if (protocol === 'HTTP') return { ...common, certificates: [], ...routes };
  return {
    ...common,
    certificates: [...new Set(here.flatMap(({ settings }) => settings.certificates))],
    sslPolicy: agreed(a, 'ssl-policy', 'sslPolicy', here, (s) => s.sslPolicy) ?? tlsPolicy,
    ...routes,
  };
}

function defaultOf(a: Annotations, here: Member[]): MergedListener['otherwise'] {
  const [first, ...more] = here.filter(({ otherwise }) => otherwise);
  if (more.length > 0) {
    const labels = [first, ...more].map((m) => m?.label).join(' ');
    const message = `Invalid value: multiple ingress defined default backend: [${labels}]`;
    a.causes.push({ reason: 'FieldValueInvalid', field: 'spec.defaultBackend', message });
  }
  return first?.otherwise ? { action: first.otherwise, of: first } : { action: fixedResponse('404') };
}

function checkTogether(a: Annotations, { listeners }: Merged, sslRedirect: number | undefined): void {
  const target = listeners.find(({ port }) => port === sslRedirect);
  if (sslRedirect !== undefined && !target)
    a.refuse('ssl-redirect', `listener does not exist for SSLRedirect port: ${sslRedirect}`);
  if (target?.protocol === 'HTTP')
    a.refuse('ssl-redirect', `listener protocol non-SSL for SSLRedirect port: ${sslRedirect}`);
  if (listeners.some(({ protocol, certificates }) => protocol === 'HTTPS' && certificates.length === 0))
    a.refuse(
      'listen-ports',
      'HTTPS needs a host that ACM has a certificate for, or the annotation certificate-arn',
    );
  const rules = listeners.reduce((sum, listener) => sum + listener.rules.length, 0);
  if (rules > mostRules) {
    const message = `Too many: ${rules}: must be at most ${mostRules} rules, those of all listeners and of all members of the group.name together`;
    a.causes.push({ reason: 'FieldValueTooMany', field: 'spec.rules', message });
  }
}

/** Returns what all that say something of it say. */
function agreed<T>(
  a: Annotations,
  key: string,
  what: string,
  members: Member[],
  pick: (settings: Member['settings']) => T | undefined,
): T | undefined {
  const [first, ...more] = members.filter(({ settings }) => pick(settings) !== undefined);
  if (!first) return undefined;
  const show = ({ label, settings }: Member) => `${label}: ${[pick(settings)].flat().join(' ')}`;
  const value = JSON.stringify(pick(first.settings));
  const other = more.find(({ settings }) => JSON.stringify(pick(settings)) !== value);
  if (other) a.refuse(key, `conflicting ${what}, ${show(first)} | ${show(other)}`);
  return pick(first.settings);
}

/** All pairs; a key has one value. */
function pairs(a: Annotations, key: string, what: string, all: Record<string, string>[]) {
  const merged: Record<string, string> = table({});
  for (const [name, value] of all.flatMap((each) => Object.entries(each))) {
    const other = merged[name] ?? value;
    if (other !== value) a.refuse(key, `conflicting ${what} ${name}: ${other} | ${value}`);
    merged[name] = other;
  }
  return merged;
}

const said = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

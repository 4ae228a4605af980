import type { RequestMatch, RoutedHost, RoutedPort, RouteRule } from '../../../shared/ports/cloud.ts';
import { ageOf } from './ages.ts';
import { hostnamesAt } from './attachment.ts';
import { closeness } from './grpc.ts';
import { bySpecificity, chainOf, covers } from './hostnames.ts';
import type { Route } from './kinds.ts';
import { isPassedOn, type Judged } from './listeners.ts';

/** A route at a listener, with its rules. */
export interface Placed {
  route: Route;
  kind: RouteKind;
  rules: RouteRule[];
}

/** A kind of route that is served here. */
export type RouteKind = 'HTTPRoute' | 'GRPCRoute' | 'TLSRoute';

interface Ranked {
  /** The route's own name for the host. */
  own: string;
  route: Route;
  kind: RouteKind;
  rule: RouteRule;
}

/** What each port serves: listeners that share one have each its own hosts. */
export function portsOf(listeners: ReadonlyMap<Judged, readonly Placed[]>): RoutedPort[] {
  const usable = [...listeners].filter(([{ isUsable }]) => isUsable);
  const byPort = Map.groupBy(usable, ([{ listener }]) => listener.port);
  return [...byPort].map(([port, all]) => {
    const { listener } = all[0]![0];
    const isSecure = listener.protocol !== 'HTTP';
    const streams = isPassedOn(listener)
      ? 'encrypted'
      : listener.protocol === 'TLS'
        ? 'decrypted'
        : undefined;
    const names = all.map(([{ hostname }]) => hostname);
    const hosts = all.flatMap(([judged, placed]) => hostsOf(judged, placed, names));
    const certificates = all.flatMap(([judged]) => judged.certificates);
    return { port, isSecure, ...(streams && { streams }), hosts, ...(isSecure && { certificates }) };
  });
}

/**
 * The hosts of a listener with their rules. A host of which another listener of the port speaks more closely is that
 * one's, whatever routes are attached to this one. Rules of a wider host come after those of a closer one, whose names are
 * always more specific, so that hosts can share them.
 */
function hostsOf(
  { listener, hostname }: Judged,
  placed: readonly Placed[],
  names: readonly string[],
): RoutedHost[] {
  const byHost = new Map<string, Ranked[]>([[hostname, []]]);
  for (const { route, kind, rules } of placed)
    for (const { host, own } of hostnamesAt(route, hostname)) {
      const known = byHost.get(host) ?? [];
      byHost.set(host, known);
      for (const rule of rules) known.push({ own, route, kind, rule });
    }
  const sorted = new Map<string, RouteRule[]>();
  for (const [host, ranked] of byHost)
    sorted.set(
      host,
      ranked.sort(byPrecedence).map(({ rule }) => rule),
    );
  const closer = names.filter((name) => name !== hostname && covers(hostname, name));
  return [...byHost.keys()]
    .filter((host) => !closer.some((name) => covers(name, host)))
    .map((host) => ({
      host,
      owner: listener.name,
      rules: chainOf(host).flatMap((name) => {
        const rules = sorted.get(name);
        return rules ? [rules] : [];
      }),
    }));
}

const pathRank = { exact: 2, regex: 1, prefix: 0 };

/** As Gateway API says it; expressions, of which it does not speak, stand between exact paths and prefixes. */
function byPrecedence(a: Ranked, b: Ranked): number {
  const [x, y] = [a.rule.match, b.rule.match];
  return (
    bySpecificity(a.own, b.own) ||
    (a.kind === 'GRPCRoute' && b.kind === 'GRPCRoute'
      ? byCloseness(x.path.value, y.path.value)
      : byPath(x.path, y.path)) ||
    Number(!!y.method) - Number(!!x.method) ||
    (y.headers?.length ?? 0) - (x.headers?.length ?? 0) ||
    (y.query?.length ?? 0) - (x.query?.length ?? 0) ||
    compare(ageOf(a.route), ageOf(b.route))
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const byPath = (x: RequestMatch['path'], y: RequestMatch['path']): number =>
  pathRank[y.type] - pathRank[x.type] || y.value.length - x.value.length;

function byCloseness(x: string, y: string): number {
  const [[serviceX, methodX], [serviceY, methodY]] = [closeness(x), closeness(y)];
  return serviceY - serviceX || methodY - methodX;
}

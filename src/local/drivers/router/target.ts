import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { RoutedBackend, RouteRule } from '../../../shared/ports/cloud.ts';
import type { Backends } from '../network/proxy/backends.ts';
import { plain } from './answers.ts';
import { changedPath, locationOf, withChanges } from './changes.ts';
import { limit, type Target } from './forward.ts';
import type { Turns } from './turns.ts';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The port of the routing. */
  port: number;
  isSecure: boolean;
}

/** Is what a router has. */
export interface Means {
  clock: Clock;
  turns: Turns;
  backends: ReadonlyMap<string, Backends>;
  /** How each backend is spoken to. */
  facts: ReadonlyMap<string, RoutedBackend>;
  /** Says where a port of the routing is reached. */
  reached(port: number): number;
}

/** Where a request goes by its rule; undefined when it has its answer already. */
export function targetOf(rule: RouteRule, exchange: Exchange, means: Means): Target | undefined {
  const { request, response, isSecure } = exchange;
  limit(response, rule.timeoutMs);
  if (rule.redirect) return redirect(rule, exchange, means);
  const { clock, turns } = means;
  const chosen = turns.next(rule);
  if (chosen?.backend === undefined)
    return void plain(response, 500, 'the rule leads to nothing that exists\n');
  const backends = means.backends.get(chosen.backend);
  const spoken = (key: string) => {
    const { isHttp2, tls } = means.facts.get(key) ?? {};
    return { ...(isHttp2 && { isHttp2 }), ...(tls && { tls }) };
  };
  const fact = means.facts.get(chosen.backend);
  if (!backends || !fact) return void plain(response, 503, 'the rule leads to nothing that is served\n');
  const hostname = rule.rewrite?.hostname;
  const named = hostname ? { set: [{ name: 'host', value: hostname }] } : undefined;
  const common = { clock, isSecure, path: changedPath(request.url ?? '/', rule.rewrite?.path) };
  return {
    ...common,
    ...spoken(chosen.backend),
    backends,
    service: `${fact.namespace}/${fact.service}`,
    towards: (headers) => withChanges(headers, rule.requestHeaders, chosen.requestHeaders, named),
    back: (headers) => withChanges(headers, rule.responseHeaders, chosen.responseHeaders),
    ...(rule.backendTimeoutMs && { timeoutMs: rule.backendTimeoutMs }),
    mirrors: (rule.mirrors ?? []).flatMap(({ backend, share }, i) => {
      const copied = turns.isTurn(`${rule.name} mirror ${i}`, share) && means.backends.get(backend);
      const towards = (headers: string[]) => withChanges(headers, rule.requestHeaders, named);
      return copied ? [{ ...common, ...spoken(backend), backends: copied, towards }] : [];
    }),
  };
}

function redirect(
  { redirect, responseHeaders }: RouteRule,
  { request, response, port, isSecure }: Exchange,
  { reached }: Means,
): undefined {
  const { headers, url = '/' } = request;
  const location = locationOf(redirect!, { url, host: headers.host ?? '', port, isSecure, reached });
  const said = withChanges(['location', location, 'content-length', '0'], responseHeaders);
  response.writeHead(redirect!.statusCode, said);
  response.end();
}

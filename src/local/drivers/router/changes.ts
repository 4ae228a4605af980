import { table } from '../../../shared/meta/table.ts';
import type { HeaderChanges, PathChange, Redirect } from '../../../shared/ports/cloud.ts';
import { below, cleaned, decoded, pathOf, stemOf } from './paths.ts';

/** Headers, as pairs in a row, after changes. */
export function withChanges(headers: string[], ...all: (HeaderChanges | undefined)[]): string[] {
  let now = headers;
  for (const { set = [], add = [], remove = [] } of all.filter((each) => each !== undefined)) {
    now = without(now, [...set.map(({ name }) => name), ...remove]);
    for (const { name, value } of [...set, ...add]) now.push(name, value);
    now = without(now, remove);
  }
  return now;
}

function without(headers: string[], names: readonly string[]): string[] {
  const gone = new Set(names.map((name) => name.toLowerCase()));
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2)
    if (!gone.has(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!);
  return kept;
}

/** A path with its query after a change of the path. */
export function changedPath(url: string, change: PathChange | undefined): string {
  if (!change) return url;
  const path = pathOf(url);
  const query = url.slice(path.length);
  if (change.type === 'full') return change.value + query;
  // What matched only without its dots and escapes goes on as it was understood.
  const stem = stemOf(change.prefix);
  const rest = below(stem, path) ?? encodeURI(below(decoded(stem), cleaned(path)) ?? '');
  return (stemOf(change.value) + rest || '/') + query;
}

export interface RedirectFacts {
  url: string;
  /** The Host header. */
  host: string;
  isSecure: boolean;
  /** The port that the listener has by its Gateway. */
  port: number;
  /** Where a port of the Gateway is reached. */
  reached(port: number): number;
}

const usual: Record<string, number | undefined> = table({ http: 80, https: 443 });

/** Where a redirected client goes. */
export function locationOf(
  redirect: Redirect,
  { url, host, isSecure, port, reached }: RedirectFacts,
): string {
  const scheme = redirect.scheme ?? (isSecure ? 'https' : 'http');
  const name = redirect.hostname ?? nameOf(host);
  const wanted = redirect.port ?? (redirect.scheme ? (usual[redirect.scheme] ?? port) : port);
  // A port that this machine does not give to a user is another one here.
  const there = redirect.hostname ? wanted : reached(wanted);
  const suffix = there === usual[scheme] ? '' : `:${there}`;
  return `${scheme}://${name}${suffix}${changedPath(url, redirect.path)}`;
}

/** The name of a Host header, without its port, as rules name it. */
export const nameOf = (host: string): string => host.replace(/:\d+$/, '').replace(/\.$/, '').toLowerCase();

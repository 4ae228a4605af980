import { posix } from 'node:path';
import type { HTTPIngressPath, IngressBackend } from '../../../shared/kinds/schema/types.ts';
import type { IngressMember } from '../../../shared/ports/cloud.ts';

/** Describes where requests go, by host and path. */
export interface Routes {
  /** The backend for a request: undefined when no rule is for it. */
  find(host: string, path: string): string | undefined;
}

interface Path {
  path: string;
  isExact: boolean;
  backend: string;
}

/** One Service port of a namespace, as Ingresses name it. */
export const backendKey = (namespace: string, service: string, port: string | number): string =>
  `${namespace}/${service}:${port}`;

const everyHost = '';

/**
 * The rules of Ingresses, of which the first one counts where two are for the same. A full host goes before a wildcard
 * and that before none; an exact path before a prefix, and a longer prefix before a shorter one. What no path of the host
 * is for goes to the default backend.
 */
export function routesOf(members: readonly IngressMember[]): Routes {
  const hosts = new Map<string, Path[]>();
  let fallback: string | undefined;
  for (const { ingress } of members) {
    const { namespace = '' } = ingress.metadata;
    const { rules = [], defaultBackend } = ingress.spec ?? {};
    fallback ??= defaultBackend && keyOf(namespace, defaultBackend);
    for (const { host = everyHost, http } of rules) {
      const paths = hosts.get(host.toLowerCase()) ?? [];
      hosts.set(host.toLowerCase(), paths);
      for (const each of http?.paths ?? []) paths.push(...pathOf(namespace, each));
    }
  }
  for (const paths of hosts.values()) paths.sort(byRank);
  return {
    find(host, path) {
      const paths = hosts.get(host) ?? hosts.get(wildcardOf(host)) ?? hosts.get(everyHost) ?? [];
      const clean = cleaned(path);
      return paths.find((each) => isFor(each, clean))?.backend ?? fallback;
    },
  };
}

/** `*.example.com` stands for one label more. */
const wildcardOf = (host: string) => `*${host.slice(Math.max(0, host.indexOf('.')))}`;

/** As the program behind will read it, so that `..` leads around no rule. */
function cleaned(path: string): string {
  try {
    return posix.normalize(decodeURI(path));
  } catch {
    return path;
  }
}

function pathOf(namespace: string, { path = '/', pathType, backend }: HTTPIngressPath): Path[] {
  const key = keyOf(namespace, backend);
  return key === undefined ? [] : [{ path, isExact: pathType === 'Exact', backend: key }];
}

function keyOf(namespace: string, { service }: IngressBackend): string | undefined {
  const port = service?.port?.name || service?.port?.number;
  return service && port ? backendKey(namespace, service.name, port) : undefined;
}

/** Sorting keeps the order of what has the same rank. */
const byRank = (a: Path, b: Path): number =>
  Number(b.isExact) - Number(a.isExact) || b.path.length - a.path.length;

function isFor({ path, isExact }: Path, asked: string): boolean {
  if (isExact) return asked === path;
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return asked.startsWith(prefix) || `${asked}/` === prefix;
}

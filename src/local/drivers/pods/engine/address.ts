import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Describes where an engine listens. */
export interface EngineAddress {
  /** As the docker CLI writes it: `unix:///var/run/docker.sock`. */
  name: string;
  connection: { socketPath: string } | { host: string; port: number; tls?: EngineTls };
}

export interface EngineTls {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

export interface Surroundings {
  env: Record<string, string | undefined>;
  home: string;
  platform?: NodeJS.Platform;
}

/**
 * Returns where an engine may be, in the order in which the docker CLI looks: DOCKER_HOST, or the context that is
 * chosen, and nothing else where there is one; otherwise the usual sockets. Throws an Error that says which address
 * cannot be used.
 */
export function engineAddresses({ env, home, platform = process.platform }: Surroundings): EngineAddress[] {
  if (env.DOCKER_HOST) return [addressOf(env.DOCKER_HOST, tlsFolder(env, home))];
  const folder = env.DOCKER_CONFIG || join(home, '.docker');
  const context = env.DOCKER_CONTEXT || String(readJson(join(folder, 'config.json')).currentContext ?? '');
  if (context && context !== 'default') return [addressOfContext(folder, context)];
  return usualPlaces(env, home, platform).map((place) => addressOf(place));
}

function usualPlaces(env: Surroundings['env'], home: string, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return ['npipe:////./pipe/docker_engine'];
  const places = [
    '/var/run/docker.sock',
    join(home, '.docker/run/docker.sock'),
    ...(env.XDG_RUNTIME_DIR
      ? [join(env.XDG_RUNTIME_DIR, 'docker.sock'), join(env.XDG_RUNTIME_DIR, 'podman/podman.sock')]
      : []),
    join(home, '.colima/default/docker.sock'),
    join(home, '.orbstack/run/docker.sock'),
    join(home, '.rd/docker.sock'),
    '/run/podman/podman.sock',
  ];
  return places.filter((place) => existsSync(place)).map((place) => `unix://${place}`);
}

/** Contexts stand in folders that are named by a digest of the context's name. */
function addressOfContext(folder: string, name: string): EngineAddress {
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(folder, 'contexts/meta', id, 'meta.json');
  const endpoints = readJson(file).Endpoints as { docker?: { Host?: string } } | undefined;
  const host = endpoints?.docker?.Host;
  if (!host) throw new Error(`docker context ${JSON.stringify(name)} has no endpoint in ${file}`);
  return addressOf(host, existing(join(folder, 'contexts/tls', id, 'docker')));
}

function addressOf(name: string, tls?: string): EngineAddress {
  if (name.startsWith('unix://')) return { name, connection: { socketPath: name.slice(7) } };
  if (name.startsWith('npipe://'))
    return { name, connection: { socketPath: name.slice(8).replaceAll('/', '\\') } };
  const [, scheme, host, port] = /^(tcp|https?):\/\/(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(name) ?? [];
  if (!scheme || !host)
    throw new Error(`${name} cannot be used: engines are reached by unix://, npipe:// and tcp://`);
  const isSecure = scheme === 'https' || tls !== undefined;
  const connection = { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? (isSecure ? 2376 : 2375)) };
  return { name, connection: isSecure ? { ...connection, tls: tlsIn(tls) } : connection };
}

const tlsFolder = (env: Surroundings['env'], home: string): string | undefined =>
  env.DOCKER_TLS_VERIFY ? env.DOCKER_CERT_PATH || join(home, '.docker') : undefined;

function tlsIn(folder: string | undefined): EngineTls {
  const file = (name: string) => {
    const path = folder && existing(join(folder, name));
    return path ? readFileSync(path) : undefined;
  };
  const [ca, cert, key] = [file('ca.pem'), file('cert.pem'), file('key.pem')];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

const existing = (path: string) => (existsSync(path) ? path : undefined);

function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

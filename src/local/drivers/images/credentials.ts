import { ownValue } from '../../../shared/meta/table.ts';

/** Describes what a registry asks for. */
export interface Credentials {
  username: string;
  password: string;
}

/** Credentials by the registry, or a repository in it, that they are for. */
export type Keyring = Map<string, Credentials>;

interface AuthEntry {
  auth?: string;
  username?: string;
  password?: string;
}

/** Reads a Secret of type `kubernetes.io/dockerconfigjson` or `kubernetes.io/dockercfg`; what is not readable is left out. */
export function keyringOf(data: Record<string, string> = {}): Keyring {
  const entries = entriesIn(data);
  const keyring: Keyring = new Map();
  for (const [server, { auth = '', username, password }] of Object.entries(entries)) {
    const [, name = '', secret = ''] =
      /^([^:]*):([\s\S]*)$/.exec(Buffer.from(auth, 'base64').toString()) ?? [];
    keyring.set(placeOf(server), { username: username ?? name, password: password ?? secret });
  }
  return keyring;
}

function entriesIn(data: Record<string, string>): Record<string, AuthEntry> {
  const text = (key: string) => Buffer.from(ownValue(data, key) ?? '', 'base64').toString();
  try {
    if (data['.dockerconfigjson']) return JSON.parse(text('.dockerconfigjson')).auths ?? {};
    if (data['.dockercfg']) return JSON.parse(text('.dockercfg'));
  } catch {
    // Kubelet says no more either: the pull then fails for want of credentials.
  }
  return {};
}

/** `https://index.docker.io/v1/` is Docker Hub. */
function placeOf(server: string): string {
  const plain = server.replace(/^https?:\/\//, '').replace(/\/+(v[12]\/?)?$/, '');
  return plain === 'index.docker.io' || plain === 'registry-1.docker.io' ? 'docker.io' : plain;
}

/** The credentials for a repository: of all that fit, those for the longest part of its name. */
export function credentialsFor(keyrings: Keyring[], repository: string): Credentials | undefined {
  const fitting = keyrings
    .flatMap((keyring) => [...keyring])
    .filter(([place]) => repository === place || repository.startsWith(`${place}/`))
    .sort(([a], [b]) => b.length - a.length);
  return fitting[0]?.[1];
}

import { InvalidImageName } from '../pods/sandbox.ts';

/** An image's name in full: `docker.io/library/nginx:latest` for `nginx`. */
export interface Reference {
  /** The registry: a host, with its port where it has one. */
  domain: string;
  /** The repository in it. */
  path: string;
  tag?: string;
  digest?: string;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const pathPattern = new RegExp(`^${component}(?:/${component})*$`);
const domainPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
export const digestPattern = /^sha256:[a-f0-9]{64}$/;

/** Reads an image's name by the grammar of distribution/reference. Throws InvalidImageName. */
export function parseReference(name: string): Reference {
  const [, beforeDigest = '', digest] = /^([^@]*)(?:@(.*))?$/.exec(name) ?? [];
  if (digest !== undefined && !digestPattern.test(digest))
    throw new InvalidImageName('invalid reference format');
  const slash = beforeDigest.indexOf('/');
  const first = beforeDigest.slice(0, Math.max(0, slash));
  const hasDomain =
    slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = hasDomain ? first : 'docker.io';
  const rest = hasDomain ? beforeDigest.slice(slash + 1) : beforeDigest;
  const [, path = '', tag] = /^([^:]*)(?::(.*))?$/.exec(rest) ?? [];
  if (path !== path.toLowerCase() && path.toLowerCase().match(pathPattern))
    throw new InvalidImageName('invalid reference format: repository name must be lowercase');
  const fits =
    pathPattern.test(path) && domainPattern.test(domain) && (tag === undefined || tagPattern.test(tag));
  if (!fits || domain.length + path.length > 255) throw new InvalidImageName('invalid reference format');
  const full = domain === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  return {
    domain: domain === 'index.docker.io' ? 'docker.io' : domain,
    path: full,
    ...(digest ? { digest } : { tag: tag ?? 'latest' }),
  };
}

export const repositoryOf = ({ domain, path }: Reference): string => `${domain}/${path}`;

/** The name that an image is kept under. With a digest, the tag says nothing. */
export const canonicalName = (reference: Reference): string =>
  reference.digest
    ? `${repositoryOf(reference)}@${reference.digest}`
    : `${repositoryOf(reference)}:${reference.tag}`;

import { ApiError } from '../../../shared/errors/apiError.ts';
import { pathOf, type Resource } from '../../kube/discovery.ts';
import { query } from '../../kube/read.ts';

/** Says what of the API the page asks for, once that has been found to be something it may ask for. */
export interface Target {
  resource: Resource;
  /** Absent for objects of the whole cluster, and for a list over all namespaces. */
  namespace?: string;
  name?: string;
  /** The only subresources that the page needs. */
  sub?: 'log' | 'exec';
}

/**
 * Reads a path of the API: `/apis/apps/v1/namespaces/default/deployments/web`. What is sent to the server later is made of
 * what was read here, never of the text, so that no spelling of a path leads elsewhere.
 *
 * @throws ApiError BadRequest for what is no such path, NotFound for what the server did not list among its resources.
 */
export function targetOf(path: string, resources: readonly Resource[]): Target {
  const [root, ...rest] = path.split('/').slice(1).map(segment);
  const group = root === 'apis' ? rest.shift() : root === 'api' ? '' : undefined;
  const version = rest.shift();
  const scoped = rest[0] === 'namespaces' && rest.length > 2;
  const [namespace, plural, name, sub, ...more] = scoped ? rest.slice(1) : [undefined, ...rest];
  const resource = resources.find(
    (each) => each.group === group && each.version === version && each.plural === plural,
  );
  if (!resource || more.length) throw notFound();
  const isAboutOne = name !== undefined;
  if (scoped ? !resource.namespaced : resource.namespaced && isAboutOne) throw notFound();
  if (sub !== undefined && !isSubresource(resource, sub)) throw notFound();
  return { resource, namespace, name, ...(sub !== undefined && { sub: sub as 'log' | 'exec' }) };
}

/** The path to ask the server for, with those parameters that are among the known ones. */
export function pathWith({ resource, namespace, name, sub }: Target, search: URLSearchParams): string {
  const known = sub ? parameters[sub] : name === undefined ? parameters.list : [];
  const given = known.flatMap((key) => (search.has(key) ? [[key, search.get(key)!]] : []));
  return `${pathOf(resource, namespace, name, sub)}${query(Object.fromEntries(given))}`;
}

const parameters = {
  list: ['labelSelector', 'fieldSelector', 'limit', 'continue', 'resourceVersion'],
  log: ['container', 'follow', 'previous', 'tailLines', 'timestamps'],
  exec: ['container', 'tty'],
};

/** Those of Pods themselves; another group's `pods`, such as those of metrics.k8s.io, have none. */
const isSubresource = ({ group, plural }: Resource, sub: string) =>
  group === '' && plural === 'pods' && (sub === 'log' || sub === 'exec');

/** One part of a path, decoded once. Kubernetes itself allows no name that holds a slash or a percent sign. */
function segment(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text);
  } catch {
    throw new ApiError('BadRequest', 'the path is not encoded as a URL');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is refused
  if (decoded === '.' || decoded === '..' || !/^[^/\\%?#\x00-\x1f\x7f]{1,253}$/.test(decoded))
    throw new ApiError('BadRequest', 'the path has a part that no name can be');
  return decoded;
}

const notFound = () =>
  new ApiError('NotFound', 'the console asks for objects of listed resources and for logs of Pods, no more');

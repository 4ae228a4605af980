import type { Client } from '../../client/client.ts';
import { failedAt } from '../../errors/steps.ts';
import { type Resource, resourceName } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Cloud } from '../../ports/cloud.ts';
import type { ReconcileContext } from '../controller.ts';

/** The context with clients and ports whose errors remember which step of a reconcile failed. */
export const withNamedSteps = (ctx: ReconcileContext): ReconcileContext => ({
  ...ctx,
  client: namedClient(ctx.client),
  cloud: namedPorts(ctx.cloud),
  env: { ...ctx.env, clients: (cluster) => namedClient(ctx.env.clients(cluster)) },
});

function named<T>(step: () => string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw failedAt(step(), error);
  });
}

const at = (resource: Resource, namespace = '', name = '') =>
  `${resourceName(resource)} ${[namespace, name].filter(Boolean).join('/')}`.trimEnd();
const placeOf = (resource: Resource, { metadata }: KubeObject) =>
  at(resource, metadata.namespace, metadata.name ?? metadata.generateName);

function namedClient(client: Client): Client {
  return {
    get: (of, namespace, name) =>
      named(() => `getting ${at(of, namespace, name)}`, client.get(of, namespace, name)),
    list: (of, query) => named(() => `listing ${at(of, query?.namespace)}`, client.list(of, query)),
    create: (of, object) => named(() => `creating ${placeOf(of, object)}`, client.create(of, object)),
    update: (of, object) => named(() => `updating ${placeOf(of, object)}`, client.update(of, object)),
    updateStatus: (of, object) =>
      named(() => `updating the status of ${placeOf(of, object)}`, client.updateStatus(of, object)),
    patch: (of, namespace, name, patch, subresource) =>
      named(
        () => `patching ${subresource ? `the ${subresource} of ` : ''}${at(of, namespace, name)}`,
        client.patch(of, namespace, name, patch, subresource),
      ),
    createSubresource: (of, namespace, name, subresource, body) =>
      named(
        () => `posting the ${subresource} of ${at(of, namespace, name)}`,
        client.createSubresource(of, namespace, name, subresource, body),
      ),
    delete: (of, namespace, name, options) =>
      named(() => `deleting ${at(of, namespace, name)}`, client.delete(of, namespace, name, options)),
    owned: (uid) => named(() => `looking for dependents of ${uid}`, client.owned(uid)),
    resources: () => named(() => 'looking for what is served', client.resources()),
    ...(client.lastDeletion && { lastDeletion: client.lastDeletion.bind(client) }),
  };
}

/** Ports whose calls are named by port, method and what they are about: `loadBalancers.ensure default/web`. */
function namedPorts(cloud: Cloud): Cloud {
  const drivers = Object.entries(cloud).map(([port, driver]: [string, unknown]) => {
    const isDriver = typeof driver === 'object' && driver !== null;
    return [port, isDriver ? namedPort(port, driver) : driver] as const;
  });
  // What a composition root keeps beside its ports stays what it is.
  return { ...cloud, ...Object.fromEntries(drivers) };
}

function namedPort<T extends object>(port: string, driver: T): T {
  return new Proxy(driver, {
    get(target, method) {
      const value: unknown = Reflect.get(target, method, target);
      // A port within a port: `secrets.tokens`.
      if (hasMethods(value)) return namedPort(`${port}.${String(method)}`, value);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const result: unknown = value.apply(target, given);
        if (!(result instanceof Promise)) return result;
        return named(() => [`${port}.${String(method)}`, subjectOf(given)].join(' ').trimEnd(), result);
      };
    },
  });
}

const hasMethods = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).some((member) => typeof member === 'function');

/** The first of the arguments that has a name: a reference, or an object. */
function subjectOf(given: unknown[]): string {
  for (const each of given) {
    if (typeof each !== 'object' || each === null) continue;
    const { namespace, name } = { ...each, ...(each as KubeObject).metadata } as {
      namespace?: string;
      name?: string;
    };
    if (name) return [namespace, name].filter(Boolean).join('/');
  }
  return '';
}

import type { Connection } from '../../cli/kube/connection.ts';
import { apiVersionOf, discover, type Resource } from '../../cli/kube/discovery.ts';
import type { Address } from '../../cli/kube/read.ts';
import { resourceNamed } from '../../cli/kube/targets.ts';
import type { Reference, Referred } from '../types.ts';

export type { Address };

/** Describes what a logical cluster serves. */
export interface Resources {
  /** The resource of a type's name. Throws, with what was perhaps meant, when there is none. */
  named(type: string): Promise<Resource>;
  /** The resource of an object. Throws when it is of a kind that is not served. */
  of(object: Referred): Promise<Resource>;
  /** Returns where a reference leads. */
  address(reference: Reference, namespace?: string): Promise<Address>;
  /** Forgets what is known, as definitions have come. */
  forget(): void;
}

/** Asks the server once, and again for what it did not serve then: definitions come and go. */
export function resourcesOf(connection: Connection): Resources {
  let known: Promise<Resource[]> | undefined;
  const ask = () => {
    known ??= discover(connection);
    known.catch(() => resources.forget());
    return known;
  };
  const twice = async <T>(find: (all: Resource[]) => T): Promise<T> => {
    const isNew = known === undefined;
    try {
      return find(await ask());
    } catch (error) {
      if (isNew) throw error;
      resources.forget();
      return find(await ask());
    }
  };
  const resources: Resources = {
    named: (type) => twice((all) => resourceNamed(type, all)),
    of: (object) => twice((all) => resourceOf(object, all)),
    async address(reference, namespace = 'default') {
      if (typeof reference !== 'string') {
        const resource = await resources.of(reference);
        const { name, namespace: own = namespace } = reference.metadata ?? {};
        if (!name) throw new Error(`a reference to a ${reference.kind} needs metadata.name`);
        return { resource, name, namespace: resource.namespaced ? own : undefined };
      }
      const [type, name, ...rest] = reference.split('/');
      if (!type || !name || rest.length)
        throw new Error(
          `${JSON.stringify(reference)} names no object; say TYPE/NAME, such as deployment/web`,
        );
      const resource = await resources.named(type);
      return { resource, name, namespace: resource.namespaced ? namespace : undefined };
    },
    forget: () => {
      known = undefined;
    },
  };
  return resources;
}

function resourceOf({ apiVersion, kind }: Referred, all: Resource[]): Resource {
  const found = all.find((each) => each.kind === kind && apiVersionOf(each) === apiVersion);
  if (found) return found;
  throw new Error(
    `no matches for kind "${kind}" in version "${apiVersion}"; if it is a custom kind, apply its CustomResourceDefinition first`,
  );
}

/** `pod/web`, as errors name an object. */
export const described = ({ resource, name, namespace }: Address): string =>
  `${resource.singular}/${name}${namespace && namespace !== 'default' ? ` of namespace ${namespace}` : ''}`;

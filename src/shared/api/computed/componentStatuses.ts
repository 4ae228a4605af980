import type { ComponentStatus } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { ApiDeps } from '../deps.ts';
import { respondObject } from '../http/object.ts';
import { filterOf } from '../list/selectors.ts';
import type { Serve } from '../request.ts';
import { missing } from '../served.ts';
import { respondObjects } from '../verbs/list.ts';

type Check = () => Promise<void> | void;

/** The parts of a cluster under the names that Kubernetes gives them. */
function checksOf({ storage, components }: ApiDeps): Record<string, Check> {
  const stored: Check = async () => {
    await storage.head('default', 'namespaces');
  };
  return { scheduler: () => {}, 'controller-manager': () => {}, ...components, 'etcd-0': stored };
}

/** Asks a part how it is, when somebody wants to know. Why it is not well is for the log. */
async function statusOf(deps: ApiDeps, name: string, check: Check): Promise<AnyObject> {
  const status = (condition: { status: string; message: string }): ComponentStatus => ({
    kind: 'ComponentStatus',
    apiVersion: 'v1',
    metadata: { name },
    conditions: [{ type: 'Healthy', ...condition }],
  });
  try {
    await check();
    return status({ status: 'True', message: 'ok' }) as AnyObject;
  } catch (error) {
    deps.log.warn('a component is not healthy', { component: name, error });
    return status({ status: 'False', message: 'reason withheld' }) as AnyObject;
  }
}

/** GET of one part of the cluster. Throws NotFound. */
export const getComponentStatus: Serve = async (call) => {
  const check = new Map(Object.entries(checksOf(call.deps))).get(call.name);
  if (!check) throw missing(call.served, call.name);
  return respondObject(call, await statusOf(call.deps, call.name, check));
};

/** GET of all parts of the cluster, each asked now. */
export const listComponentStatuses: Serve = async (call) => {
  const names = Object.entries(checksOf(call.deps));
  const objects = await Promise.all(names.map(([name, check]) => statusOf(call.deps, name, check)));
  const filter = filterOf(call);
  const wanted = objects.filter(({ metadata: { name = '' } }) =>
    filter.matches({
      key: { cluster: call.cluster, resource: call.served.resource, namespace: '', name },
      index: { labels: {} },
    }),
  );
  return respondObjects(call, wanted, {});
};

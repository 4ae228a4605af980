import { resolve } from 'node:path';
import type { Connection } from '../../kube/connection.ts';
import { discover, pathOf } from '../../kube/discovery.ts';
import { isNotFound, ServerError } from '../../kube/failure.ts';
import type { KubeObject, ObjectList } from '../../kube/objects.ts';
import { clusterPath } from '../running.ts';
import type { ApiAction } from './api.ts';
import { until } from './scene.ts';

const clusters = '/apis/shallop.dev/v1/logicalclusters';

/** `restore FILE NAME`. */
export const restore: ApiAction = async ({ names, connection, call, io }) => {
  const [file = '', name = ''] = names;
  const path = resolve(io.cwd, file);
  const { survey } = await import('../../snapshot/survey.ts');
  const about = await survey(path).catch((error) => {
    throw error.code === 'ENOENT' ? new Error(`there is no file ${file}`) : error;
  });
  const target = connection.below(clusterPath(name));
  if (call.flag('into-empty')) await refuseFull(target, name);
  else await createCluster(connection, name);
  const { restoreInto } = await import('../../snapshot/load.ts');
  const { objects, problems } = await restoreInto(target, path, about);
  for (const problem of problems) io.err(`not restored: ${problem}`);
  io.out(`${objects} objects of cluster ${about.header.cluster} are in cluster ${name}`);
  return problems.length ? 1 : 0;
};

async function createCluster(connection: Connection, name: string): Promise<void> {
  const body = { apiVersion: 'shallop.dev/v1', kind: 'LogicalCluster', metadata: { name } };
  await connection.json({ method: 'POST', path: clusters, body }).catch((error) => {
    if (error instanceof ServerError && error.reason === 'AlreadyExists')
      throw new Error(`cluster ${name} already exists; if it is empty, use --into-empty`);
    throw error;
  });
  const isReady = async () => {
    const found = await connection.json<KubeObject>({ path: `${clusters}/${encodeURIComponent(name)}` });
    return (found.status as { phase?: string } | undefined)?.phase === 'Ready';
  };
  await until(`cluster ${name} is Ready`, isReady);
}

/** What every cluster begins with. */
const own =
  /^(serviceaccounts\/default|configmaps\/kube-root-ca\.crt|(services|endpoints|endpointslices)\/kubernetes)$/;
const ownNamespaces = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Throws when there is something in a cluster that somebody made. */
async function refuseFull(target: Connection, name: string): Promise<void> {
  const resources = await discover(target);
  const listed = ({ namespaced, verbs }: (typeof resources)[number]) =>
    namespaced && verbs.includes('list') && verbs.includes('create');
  const events = (plural: string) => plural === 'events';
  const found = await Promise.all(
    resources
      .filter((each) => listed(each) && !events(each.plural))
      .map(async (resource) => {
        const { items } = await target.json<ObjectList>({ path: pathOf(resource, 'default') });
        return items
          .map(({ metadata }) => `${resource.plural}/${metadata.name}`)
          .filter((each) => !own.test(each));
      }),
  );
  const others = await Promise.all(
    ['/api/v1/namespaces', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'].map((path) =>
      target.json<ObjectList>({ path }).catch((error) => {
        if (isNotFound(error)) return { items: [] };
        throw error;
      }),
    ),
  );
  const strange = others
    .flatMap(({ items }) => items.map(({ metadata }) => metadata.name))
    .filter((each) => !ownNamespaces.includes(each));
  const first = [...found.flat(), ...strange][0];
  if (first) throw new Error(`cluster ${name} is not empty: there is ${first}; nothing was restored`);
}

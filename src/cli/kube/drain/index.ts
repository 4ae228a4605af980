import { Failure } from '../../verb.ts';
import type { Chosen } from '../chosen.ts';
import { chosenNodes, cordon } from '../cordon.ts';
import { dryRunOf } from '../dryRun.ts';
import { isNotFound, messageOf, ServerError } from '../failure.ts';
import type { Pod } from '../pods.ts';
import { getObject, listObjects } from '../read.ts';
import { numberOf, type Scene } from '../scene.ts';
import { resourceNamed } from '../targets.ts';
import { tellDone } from '../tell.ts';
import { remove } from './evict.ts';
import { type DrainPlan, daemonSetOf, drainPlan, type Unread } from './plan.ts';

/** Closes Nodes and has their Pods go, as their PodDisruptionBudgets allow. */
export async function runDrain(scene: Scene): Promise<number> {
  const { io, connection } = scene;
  const { chosen, problems } = await chosenNodes(scene);
  if (problems.length) throw problems[0];
  const nodes = await Promise.all(
    chosen.map(async (one) => ({
      one,
      object: await getObject(connection, one.resource, undefined, one.name),
    })),
  );
  for (const { one } of nodes)
    await cordon(scene, one, true).catch((error) => {
      io.err(`error: unable to cordon node ${JSON.stringify(one.name)}: ${plain(error)}`);
    });
  const left = new Map<string, string[]>();
  for (const { one, object } of nodes) {
    const problems = await drain(scene, one);
    if (problems.length) {
      io.err(
        `error: unable to drain node ${JSON.stringify(one.name)} due to error: ${joined(problems)}, continuing command...`,
      );
      left.set(one.name, problems);
    } else tellDone(scene, one.resource, object, 'drained');
  }
  if (!left.size) return 0;
  io.err('There are pending nodes to be drained:');
  for (const name of left.keys()) io.err(` ${name}`);
  const all = [...left.values()];
  throw new Failure((all.length === 1 ? all[0]! : all.map(joined)).join('\n'));
}

/** An error in the words of its source, without what the command puts before them. */
const plain = (error: unknown): string =>
  error instanceof ServerError ? (error.status.message ?? '') : messageOf(error);

/** Several messages as Kubernetes puts them together; the same one is said once. */
function joined(messages: string[]): string {
  const said = [...new Set(messages)];
  return said.length === 1 ? said[0]! : `[${said.join(', ')}]`;
}

/** Answers why Pods have not gone. */
async function drain(scene: Scene, node: Chosen): Promise<string[]> {
  const { call, io } = scene;
  const plan = await planOf(scene, node);
  if (plan.errors.length) return plan.errors;
  if (plan.warnings) io.err(`Warning: ${plan.warnings}`);
  if (dryRunOf(call) === 'client') {
    for (const { metadata } of plan.going)
      io.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)`);
    return [];
  }
  const problems = (await remove(scene, plan.going)).map(plain);
  const { going } = problems.length ? await planOf(scene, node) : { going: [] };
  if (going.length)
    io.err(
      `There are pending pods in node ${JSON.stringify(node.name)} when an error occurred: ${joined(problems)}`,
    );
  for (const { metadata } of going) io.err(`pod/${metadata.name}`);
  return problems;
}

async function planOf(scene: Scene, node: Chosen): Promise<DrainPlan> {
  const { call, connection } = scene;
  const { items } = await listObjects<Pod>(connection, resourceNamed('pods', await scene.resources()), {
    labels: call.text('pod-selector'),
    fields: `spec.nodeName=${node.name}`,
  });
  const unread = await unreadSets(scene, items);
  const rules = {
    force: call.flag('force'),
    ignoreDaemonSets: call.flag('ignore-daemonsets'),
    deleteEmptyDirData: call.flag('delete-emptydir-data'),
    skipAfterSeconds: numberOf(call, 'skip-wait-for-delete-timeout') ?? 0,
    nowMs: Date.now(),
  };
  return drainPlan(items, rules, (namespace, name) => unread.get(`${namespace}/${name}`));
}

/** Asks for each DaemonSet once; what is not there is an orphan's. */
async function unreadSets({ connection, resources }: Scene, pods: Pod[]): Promise<Map<string, Unread>> {
  const sets = new Map(
    pods.flatMap((pod) => {
      const name = daemonSetOf(pod);
      const { namespace } = pod.metadata;
      return name === undefined ? [] : [[`${namespace}/${name}`, { namespace, name }] as const];
    }),
  );
  if (!sets.size) return new Map();
  const resource = resourceNamed('daemonsets.apps', await resources());
  const found = await Promise.all(
    [...sets].map(([key, { namespace, name }]) =>
      getObject(connection, resource, namespace, name).then(
        () => [],
        (error) => [[key, { message: plain(error), isNotFound: isNotFound(error) }] as const],
      ),
    ),
  );
  return new Map(found.flat());
}

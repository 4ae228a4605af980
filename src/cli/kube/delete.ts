import { type Call, UsageError } from '../verb.ts';
import { kindName, pathOf, type Resource } from './discovery.ts';
import { dryRunNote, dryRunOf } from './dryRun.ts';
import { isNotFound, report, ServerError } from './failure.ts';
import { readManifests } from './manifests.ts';
import type { KubeObject } from './objects.ts';
import { getObject, listObjects } from './read.ts';
import { numberOf, type Scene } from './scene.ts';
import { targetsOf } from './targets.ts';
import { type Going, waitUntilGone } from './untilGone.ts';

interface Victim {
  resource: Resource;
  namespace: string | undefined;
  name: string;
  /** The file that names it. */
  source?: string;
}

interface Options {
  gracePeriodSeconds?: number;
  propagationPolicy: string;
  dryRun?: string[];
}

export async function runDelete(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const options = optionsOf(call);
  if (call.flag('force') && options.gracePeriodSeconds === 0)
    io.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
    );
  if (!(await mayDeleteAll(scene))) return 1;
  const { victims, problems } = await victimsOf(scene);
  const failures: unknown[] = [...problems];
  const gone: Going[] = [];
  for (const victim of victims) {
    try {
      gone.push({ ...victim, uid: await deleteOne(scene, victim, options) });
    } catch (error) {
      if (io.interrupted.aborted) throw error;
      if (isNotFound(error) && call.flag('ignore-not-found')) continue;
      const named = victim.source !== undefined && error instanceof ServerError;
      failures.push(named ? error.while('deleting', victim.source!) : error);
    }
  }
  if (victims.length === 0 && problems.length === 0) io.out('No resources found');
  const waits = call.flag('wait', true) && dryRunOf(call) === 'none';
  if (waits) await waitUntilGone(scene, gone);
  return report(failures);
}

/** Everything of a type in a cluster that may be anybody's is deleted only after a yes. */
async function mayDeleteAll({ call, io, connection, isShallop }: Scene): Promise<boolean> {
  const isAsked = call.flag('all') && !call.flag('yes') && dryRunOf(call) === 'none';
  if (!isAsked || (await isShallop())) return true;
  const what = call.positionals.join(' ');
  if (await io.confirm(`Delete all ${what} on ${connection.server}, which is no shallop?`)) return true;
  io.err('nothing was deleted; say --yes to delete without being asked');
  return false;
}

function optionsOf(call: Call): Options {
  const grace = numberOf(call, 'grace-period') ?? -1;
  if (call.flag('now') && grace >= 0)
    throw new UsageError('--now and --grace-period cannot be specified together');
  if (call.flag('force') && grace > 0)
    throw new UsageError('--force and --grace-period greater than 0 cannot be specified together');
  const seconds = call.flag('now') ? 1 : call.flag('force') && grace < 0 ? 0 : grace;
  const cascade = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' };
  const policy = cascade[(call.text('cascade') ?? 'background') as keyof typeof cascade];
  if (!policy) throw new UsageError(`Option '--cascade' is background, foreground or orphan`);
  return {
    // Nought without --force would leave a program that nobody watches any more; kubectl makes it one second.
    ...(seconds >= 0 && { gracePeriodSeconds: seconds === 0 && !call.flag('force') ? 1 : seconds }),
    propagationPolicy: policy,
    ...(dryRunOf(call) === 'server' && { dryRun: ['All'] }),
  };
}

async function victimsOf(scene: Scene): Promise<{ victims: Victim[]; problems: unknown[] }> {
  const { call, io, namespace } = scene;
  const resources = await scene.resources();
  const files = call.texts('filename');
  if (files.length) {
    const enforced = call.text('namespace') !== undefined;
    const read = await readManifests(files, call.flag('recursive'), io, { resources, namespace, enforced });
    const victims = read.manifests.map(({ object, ...rest }) => ({ ...rest, name: object.metadata.name }));
    return { victims, problems: read.problems };
  }
  if (call.positionals.length === 0)
    throw new UsageError('You must provide one or more resources by argument or filename');
  const chosen =
    call.flag('all') || call.text('selector') !== undefined || call.text('field-selector') !== undefined;
  const victims: Victim[] = [];
  const problems: unknown[] = [];
  for (const { resource, name } of targetsOf(call.positionals, resources)) {
    const within = resource.namespaced ? namespace : undefined;
    if (name !== undefined) victims.push({ resource, namespace: within, name });
    else if (!chosen)
      throw new Error(
        'resource(s) were provided, but no name was specified: name them, choose with -l, or say --all',
      );
    else victims.push(...(await listed(scene, resource)));
  }
  return { victims, problems };
}

async function listed({ call, connection, namespace }: Scene, resource: Resource): Promise<Victim[]> {
  const { items } = await listObjects(connection, resource, {
    namespace: call.flag('all-namespaces') ? undefined : namespace,
    labels: call.text('selector'),
    fields: call.text('field-selector'),
  });
  return items.map(({ metadata }) => ({ resource, namespace: metadata.namespace, name: metadata.name }));
}

/** Answers the uid of what goes. */
async function deleteOne(scene: Scene, victim: Victim, options: Options): Promise<string | undefined> {
  const { call, io, connection } = scene;
  const { resource, namespace, name } = victim;
  const dryRun = dryRunOf(call);
  const line = () => {
    if (call.text('output') === 'name') return io.out(`${kindName(resource)}/${name}`);
    const how = options.gracePeriodSeconds === 0 ? 'force deleted' : 'deleted';
    const from = namespace === undefined ? '' : ` from ${namespace} namespace`;
    io.out(`${kindName(resource)} "${name}" ${how}${from}${dryRunNote(dryRun)}`);
  };
  if (dryRun === 'client') {
    await getObject(connection, resource, namespace, name);
    line();
    return undefined;
  }
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', ...options };
  const answer = await connection.json<Partial<KubeObject> & { details?: { uid?: string } }>({
    method: 'DELETE',
    path: pathOf(resource, namespace, name),
    body,
  });
  line();
  return answer.details?.uid ?? answer.metadata?.uid;
}

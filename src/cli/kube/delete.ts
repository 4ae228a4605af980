import { type Call, UsageError } from '../verb.ts';
import { type Chosen, chosenObjects } from './chosen.ts';
import { kindName, pathOf } from './discovery.ts';
import { dryRunNote, dryRunOf } from './dryRun.ts';
import { isNotFound, report, ServerError } from './failure.ts';
import type { KubeObject } from './objects.ts';
import { getObject } from './read.ts';
import { numberOf, type Scene } from './scene.ts';
import { type Going, waitUntilGone } from './untilGone.ts';

interface Options {
  gracePeriodSeconds?: number;
  propagationPolicy: string;
  dryRun?: string[];
}

const hint = ': name them, choose with -l, or say --all';

export async function runDelete(scene: Scene): Promise<number> {
  const { call, io } = scene;
  const options = optionsOf(call);
  if (call.flag('force') && options.gracePeriodSeconds === 0)
    io.err(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.',
    );
  if (!(await mayDeleteAll(scene))) return 1;
  if (call.positionals.length === 0 && call.texts('filename').length === 0)
    throw new UsageError('You must provide one or more resources by argument or filename');
  const { chosen: victims, problems } = await chosenObjects(scene, call.positionals, hint);
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

/** Answers the uid of what goes. */
async function deleteOne(scene: Scene, victim: Chosen, options: Options): Promise<string | undefined> {
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

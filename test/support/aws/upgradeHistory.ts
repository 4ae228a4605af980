import { deepStrictEqual as same } from 'node:assert/strict';
import { ofKnownFormat } from '../../../src/aws/knownFormat.ts';
import type { Client, Clients } from '../../../src/shared/client/client.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { ApiError } from '../../../src/shared/errors/apiError.ts';
import { earlierTree } from '../earlier.ts';
import type { Tally } from '../tally.ts';
import { check } from './deployedCheck.ts';
import { type DeployedProcess, openProcess } from './deployedProcess.ts';
import { DeployedStory } from './deployedStory.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { hour, quiet, settled } from './settling.ts';

/** The version before this one: nothing has been released, so it is the commit that docs/findings.md begins with. */
export const earlier = '9ba1371';

type Open = typeof openProcess;
const secondMs = 1_000;
/** For so long functions of both versions are begun. */
const bothSeconds = 60;

/** Histories of deployments that are upgraded from an earlier commit, whose code works in them as it was. */
export async function openUpgrades(): Promise<(seed: number) => Promise<Tally>> {
  const { folder, remove } = earlierTree(earlier);
  process.once('exit', remove);
  const { openProcess: open } = await import(`${folder}/test/support/aws/deployedProcess.ts`);
  return (seed) => history(seed, open);
}

/** A process of the earlier version whose refusals are of this version's class, by which the story knows them. */
function asked(process: DeployedProcess): DeployedProcess {
  const { core } = process;
  const clients: Clients = (cluster) =>
    new Proxy(core.clients(cluster), {
      get(client, name: keyof Client) {
        const method = client[name] as unknown;
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) => {
          const answer: unknown = method.apply(client, args);
          return answer instanceof Promise ? answer.catch(refused) : answer;
        };
      },
    });
  return { ...process, core: { ...core, clients } };
}

function refused(error: ApiError): never {
  if (error.name !== 'ApiError') throw error;
  throw new ApiError(error.reason, error.message, { cause: error });
}

/**
 * A deployment of the earlier version has objects, tasks and load balancers; then functions of both versions work in it for a
 * while, and from then on this one's alone. In half of the histories nobody asks for anything meanwhile, and nothing may
 * be restarted; in the others people go on, and get what they ask for. In the end nothing is left.
 */
async function history(seed: number, openEarlier: Open): Promise<Tally> {
  let version: 'earlier' | 'both' | 'this' = 'earlier';
  const begun = { earlier: 0, both: 0, this: 0 };
  const world: DeployedWorld = new DeployedWorld(seed, {
    known: (client, serial, clock) =>
      ofKnownFormat(client, { table: 'shallop', clock, ids: seededIds(1_000_000 + serial) }),
    versionOf: () => {
      begun[version]++;
      const isEarlier = version === 'earlier' || (version === 'both' && world.random() < 0.5);
      return isEarlier ? (parts) => asked(openEarlier(parts)) : openProcess;
    },
  });
  const isQuiet = seed % 2 === 0;
  const tasks = () => world.cloud.running.map(({ taskArn }) => taskArn).sort();
  const balancers = () => [...world.cloud.elb.balancers.keys()].sort();
  try {
    const story = new DeployedStory(world);
    await world.resync(0, true);
    await quiet(world, hour);
    await story.tell(4, { resyncs: true });
    await settled(world);
    const before = { tasks: tasks(), balancers: balancers() };

    version = 'both';
    let isTold = isQuiet;
    const telling = isQuiet ? undefined : story.tell(4, { resyncs: true }).finally(() => (isTold = true));
    while (!isTold) {
      world.replaceProcesses();
      await Promise.race([telling, world.clock.sleep(secondMs)]);
    }
    for (let second = 0; second < bothSeconds; second++) {
      world.replaceProcesses();
      if (second % 20 === 0) await world.resync(second / 20, second === 0);
      await world.pass(secondMs);
    }
    version = 'this';
    world.replaceProcesses();
    await settled(world);
    await check(world);
    if (isQuiet) same({ tasks: tasks(), balancers: balancers() }, before, 'what ran before the upgrade');
    await story.tell(4, { resyncs: true });
    await settled(world);
    await check(world);
    await story.end();
    await story.end();
    await settled(world);
    await check(world);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.close();
  }
  const kind = isQuiet ? 'upgrade, at rest' : 'upgrade, in use';
  return { [kind]: { histories: 1, tasks: world.cloud.attempts.size, ...begun } };
}

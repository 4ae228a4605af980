import { deepStrictEqual as same } from 'node:assert/strict';
import { isGone } from '../../../src/aws/drivers/dynamodb/records.ts';
import { separator } from '../../../src/shared/storage/log/keys.ts';
import type { Tally } from '../tally.ts';
import { check } from './deployedCheck.ts';
import { formatsOf } from './deployedFormats.ts';
import { everything } from './deployedObserved.ts';
import { DeployedWorld } from './deployedWorld.ts';
import { base, ForkedStory, replicas } from './forkedStory.ts';
import { hour, quiet, settled } from './settling.ts';

/**
 * A prepared logical cluster of a deployment is forked, as the seed says: once or twice, from a fork too, in trouble, and in
 * half of the histories while somebody changes the base. Controllers work in the forks as in any cluster, a base that nobody
 * changes stays as it was to the revision, and of a fork that is dropped nothing is left.
 */
export async function history(seed: number): Promise<Tally> {
  const world = new DeployedWorld(seed, { known: formatsOf(seed) });
  const tale = taleOf(world, seed % 2 === 0);
  try {
    await prepare(tale);
    await begin(tale);
    await goOn(tale);
    await end(tale);
  } catch (error) {
    throw new Error(`SHALLOP_SEED=${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    world.close();
  }
  const kind = tale.isBaseQuiet ? 'forks of a quiet base' : 'forks of a base that changes';
  return {
    [kind]: {
      histories: 1,
      forks: tale.forks.length,
      tasks: world.cloud.attempts.size,
      killed: world.killed,
    },
  };
}

/** What one history is about. */
interface Tale {
  world: DeployedWorld;
  story: ForkedStory;
  /** In the order in which they begin. */
  forks: { name: string; from: string }[];
  isBaseQuiet: boolean;
  pick(n: number): number;
  /** Fails when a base that nobody changes is not as it was when this was called first. */
  checkBase(when: string): Promise<void>;
}

function taleOf(world: DeployedWorld, isBaseQuiet: boolean): Tale {
  const story = new ForkedStory(world);
  const pick = (n: number) => Math.floor(world.random() * n);
  const second = () => [{ name: 'green', from: pick(2) ? base : 'blue' }];
  const forks = [{ name: 'blue', from: base }, ...(pick(2) ? second() : [])];
  let prepared: string[] | undefined;
  const checkBase = async (when: string) => {
    if (!isBaseQuiet) return;
    const found = await world.finish(story.viewOf(base));
    prepared ??= found;
    same(found, prepared, when);
  };
  return { world, story, forks, isBaseQuiet, pick, checkBase };
}

async function prepare({ world, story, checkBase }: Tale): Promise<void> {
  await world.resync(0, true);
  await quiet(world, hour);
  await world.finish(story.prepare());
  await settled(world);
  await check(world);
  await checkBase('the base');
}

async function begin({ world, story, forks, isBaseQuiet, pick, checkBase }: Tale): Promise<void> {
  world.become('worst');
  for (const { name, from } of forks) {
    const acts = [story.fork(name, from)];
    await world.pass(pick(4_000));
    if (!isBaseQuiet) acts.push(story.change(base));
    await world.resync(1, pick(2) === 0);
    await world.finish(Promise.all(acts));
  }
  world.become('calm');
  // A command that nobody heard of again was perhaps never carried out.
  for (const { name, from } of forks) await world.finish(story.fork(name, from));
  await settled(world);
  // No log tells of what a fork begins with: the ordinary resync of the next minute does.
  await settled(world, { isWhole: () => false });
  await check(world);
  await checkBase('the base after its forks began');
  if (isBaseQuiet) await checkBegun(world);
}

async function goOn({ world, story, forks, isBaseQuiet, pick, checkBase }: Tale): Promise<void> {
  world.become('disturbed');
  const acts = Array.from({ length: 5 }, () => story.change(forks[pick(forks.length)]!.name));
  if (!isBaseQuiet) acts.push(story.change(base), story.change(base));
  await world.pass(pick(6_000));
  await world.finish(Promise.all(acts));
  await quiet(world, hour);
  await check(world);
  await checkBase('the base beside its forks');
}

/** Forks go in trouble, the newest first, and then the base. */
async function end({ world, story, forks, pick, checkBase }: Tale): Promise<void> {
  const names = forks.map(({ name }) => name);
  world.become('worst');
  await world.finish(Promise.all(names.toReversed().map((name) => story.drop(name))));
  await world.resync(1, pick(2) === 0);
  world.become('calm');
  for (const name of names.toReversed()) {
    await world.finish(story.drop(name));
    await settled(world);
  }
  await check(world);
  checkNothingOf(world, names);
  await checkBase('the base without its forks');
  await world.finish(story.drop(base));
  await settled(world);
  await check(world);
  checkNothingOf(world, [base]);
  same(world.cloud.running, [], 'tasks that are left');
  same(world.cloud.elb.left, [], 'load balancers, or parts of them, that are left');
  same([...world.cloud.secrets.entries.keys()], [], 'secrets that are left');
}

/** Each fork runs what the base does, by itself. */
async function checkBegun(world: DeployedWorld): Promise<void> {
  const all = await world.finish(everything(world.open().core.clients));
  const own = new Set(all.flatMap(({ pods }) => pods.map(({ metadata }) => metadata.uid)));
  const others = all.filter(({ name }) => name !== 'default');
  for (const { name, pods } of others) same(pods.length, replicas, `Pods of ${name}`);
  same(own.size, others.length * replicas, 'Pods of all clusters');
}

/** No object, note or record of these clusters is in the table any more. */
function checkNothingOf({ simulator }: DeployedWorld, clusters: string[]): void {
  const kinds = ['object', 'owner', 'chunk', 'fork', 'forks', 'past', 'former'];
  const left = simulator.operations.items.all().filter((item) => {
    const [kind = '', cluster = ''] = item.pk!.S!.split(separator);
    const isHeld = kind === 'claim' && clusters.includes(item.holder?.S?.split(separator)[0] ?? '');
    return isHeld || (kinds.includes(kind) && clusters.includes(cluster) && !isGone(item));
  });
  same(
    left.map(({ pk, sk }) => `${pk!.S} ${sk!.S}`.replaceAll(separator, '·')),
    [],
    `what is left of ${clusters}`,
  );
}

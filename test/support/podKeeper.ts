import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProcessPods } from '../../src/local/drivers/pods/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { PodRef } from '../../src/shared/ports/cloud.ts';
import { noSources } from './noSources.ts';
import { trivialNetwork } from './trivialNetwork.ts';

/**
 * A control plane that does nothing but ensure and stop Pods, to be killed at any moment. Arguments: data folder,
 * image map, then the wanted Pods as JSON: `[{ "uid", "image" }]`; every other one known is ended and removed. Says
 * `settled` once all is as wanted, and goes on until it is killed.
 */
const [folder = '', imageMap = '', wanted = '[]'] = process.argv.slice(2);
const runtime = await openProcessPods({
  clock: systemClock,
  folder,
  imageMap,
  network: trivialNetwork(),
  nodeNames: ['test'],
  backOff: { baseMs: 50, maxMs: 1000 },
});
const pods = JSON.parse(wanted) as { uid: string; image: string }[];
const refOf = (uid: string): PodRef => ({ cluster: 'default', namespace: 'ns', name: uid, uid });

// Says what it waits for when it takes too long, and ends.
process.once('SIGUSR2', async () => {
  const seen = await Promise.all((await runtime.list()).map((ref) => runtime.observe(ref)));
  const told = [JSON.stringify(seen), ...runFolders().map((text) => `${text}`)].join('\n');
  process.stdout.write(`${told}\n`, () => process.exit(1));
});

/** What each run's folder says of it. */
function runFolders(): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\/(claim|main|exit|holder)$/.test(name))
    .map((name) => `${name}: ${JSON.stringify(readFileSync(join(folder, name), 'utf8'))}`);
}

await Promise.all(
  pods.map(({ uid, image }) =>
    runtime.ensure(
      refOf(uid),
      { metadata: { name: uid, namespace: 'ns' }, spec: { containers: [{ name: 'c', image }] } },
      noSources,
    ),
  ),
);
const surplus = (await runtime.list()).filter(({ uid }) => !pods.some((pod) => pod.uid === uid));
await Promise.all(
  surplus.map(async (ref) => {
    await runtime.stop(ref, 5);
    while (!(await runtime.observe(ref))?.stopped) await systemClock.sleep(5);
    await runtime.remove(ref);
  }),
);
for (const { uid } of pods)
  while (!(await runtime.observe(refOf(uid)))?.containerStatuses.every(({ ready }) => ready))
    await systemClock.sleep(5);
process.stdout.write('settled\n');
setInterval(() => {}, 60_000);

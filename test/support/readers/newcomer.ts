import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { repository } from '../../../examples/demo/server.ts';
import { giveAwayAll, type Running, type World } from '../packedWorld.ts';
import { until } from '../until.ts';
import { follow, type Hook } from './follow.ts';

/** Of a checkout these pages take the example. */
function takeExample({ folder }: World): void {
  const example = join('examples', 'my-python-app');
  cpSync(join(repository, example), join(folder, example), { recursive: true });
  giveAwayAll(join(folder, 'examples'));
}

const work = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'work', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'work', user: { token: 't' } }],
  contexts: [{ name: 'work', context: { cluster: 'work', user: 'work' } }],
  'current-context': 'work',
};

interface Listed {
  items: {
    metadata: { name: string; uid: string };
    status: { containerStatuses?: { containerID: string }[] };
  }[];
}

/** Who starts, deploys, changes, looks, and ends: docs/first-ten-minutes.md, with a context of a cluster at work. */
export async function newcomer(world: World): Promise<void> {
  takeExample(world);
  world.write('.kube/config', JSON.stringify(work));
  let up: Running | undefined;
  const pods = async () => JSON.parse(await world.run('npx shallop get pods -o json')) as Listed;
  const answers = async () => {
    const service = JSON.parse(await world.run('npx shallop get service my-python-app-service -o json'));
    const { ip } = service.status.loadBalancer.ingress[0];
    const port = ip === '127.0.0.1' ? service.spec.ports[0].nodePort : 80;
    return (await fetch(`http://${ip}:${port}/`, { headers: { connection: 'close' } })).text();
  };
  const runsOn = (command: RegExp, meanwhile: () => Promise<unknown>, seen: RegExp): Hook => [
    command,
    async ({ line }) => {
      let running = world.begin(line);
      await until(`${line} shows ${seen}`, async () => {
        // The Pod whose log it was may have been one of those that a rollout ends.
        if (running.hasEnded()) running = world.begin(line);
        await meanwhile();
        return seen.test(running.said());
      });
      await running.interrupt();
    },
  ];
  let rollouts = 0;
  await follow(world, 'first-ten-minutes.md', [
    [
      / up$/,
      async ({ line, expected }) => {
        up = world.begin(line);
        await up.tells(...expected);
        await world.run('kubectl config use-context shallop');
      },
    ],
    [
      /rollout status/,
      async ({ line, expected }) => {
        const said = await world.run(line);
        for (const pattern of expected) expect(said).toMatch(pattern);
        // The second one comes after the change.
        const version = `v${++rollouts}`;
        await until(`${version} answers`, async () => (await answers()).includes(`version ${version}`));
      },
    ],
    runsOn(/ get pods -w$/, async () => {}, /Running/),
    runsOn(/ logs .* -f$/, answers, /GET \//),
    [
      / api-resources$/,
      async ({ line }) => {
        expect(await world.run(line)).toMatch(/^deployments +deploy/m);
        // What the page says below: a Pod that is deleted comes again, and those that run are adopted by the next start.
        const gone = (await pods()).items[0]!.metadata.name;
        await world.run(`npx shallop delete pod ${gone}`);
        const areFive = async () => {
          const { items } = await pods();
          const running = items.filter(({ status }) => status.containerStatuses?.[0]?.containerID);
          return running.length === 5 && running.every(({ metadata }) => metadata.name !== gone);
        };
        await until('another Pod comes', areFive);
        const idsOf = ({ items }: Listed) =>
          items
            .map(({ metadata, status }) => `${metadata.uid} ${status.containerStatuses?.[0]?.containerID}`)
            .sort();
        const before = idsOf(await pods());
        await up!.interrupt();
        up = world.begin('npx shallop up');
        await up.tells(/^ready /m);
        expect(idsOf(await pods())).toEqual(before);
        await until('they answer again', async () => /version v1/.test(await answers().catch(() => '')));
      },
    ],
    [
      /^source /,
      async ({ line }) => expect(await world.run(`${line} && complete -p shallop`)).toContain('shallop'),
    ],
    [
      / down$/,
      async ({ line }) => {
        await world.run(line);
        expect(await up!.ended).toBe(0);
      },
    ],
    [
      / reset$/,
      async ({ line }) => {
        // It asks, and only on a terminal.
        expect((await world.tries(line)).stderr).toContain('nothing was deleted; say --yes');
        expect(await world.run(`echo y | script -qec '${line}' /dev/null`)).toContain('deleted ');
        expect((await world.tries('ls .local/share/shallop')).code).not.toBe(0);
      },
    ],
  ]);
}

/** Who wants to know what Kubernetes is: docs/learn.md. */
export async function learner(world: World): Promise<void> {
  takeExample(world);
  let up: Running | undefined;
  await follow(world, 'learn.md', [
    [
      / up$/,
      async ({ line }) => {
        up = world.begin(line);
        await up.tells(/^ready /m);
      },
    ],
    [
      /\/proxy\/$/,
      async ({ line }) => expect(await world.run(line)).toMatch(/^Hello from my-python-app-\S+ version v1$/m),
    ],
    [
      / logs job\//,
      async ({ line }) => expect(await world.run(line)).toMatch(/^good morning, not in the image$/m),
    ],
    [
      / get all$/,
      async ({ line }) => expect(await world.run(`${line} -o name`)).toMatch(/^(service\/kubernetes\n)?$/),
    ],
  ]);
}

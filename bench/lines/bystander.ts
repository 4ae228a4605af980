import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { configMap, core, type Figure, type Subject } from '../bench.ts';
import { type LoadClient, pause, percentile } from '../load.ts';
import { badInput, prepareBadInput } from './badInput.ts';
import { type Case, endless } from './endless.ts';

const goal = { atMost: 50 };
/** How long each case is watched, and how long its worst is given to begin. */
const watchedMs = 5000;
const settleMs = 1500;
const everyMs = 5;
const connections = 2000;

/** A shell program as the image `hostile`, for `image add` has to be there before the Pods are. */
export function hostileImage(folder: string): { name: string; path: string } {
  const path = join(folder, 'hostile');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'shallop.json'), JSON.stringify({ command: ['sh', '-c'] }));
  return { name: 'hostile', path };
}

const termination = 'f="$SHALLOP_ROOT/dev/termination-log"; rm -f "$f";';
const cases: Case[] = [
  { what: 'nobody', begin: async () => async () => {} },
  pods('four Pods that print without end (A3)', Array(4).fill('yes')),
  pods('Pods that leave a pipe or 400 MB as their last words (A2)', [
    `${termination} mkfifo "$f"; exit 3`,
    `${termination} truncate -s 400M "$f"; exit 3`,
  ]),
  pods('two Pods that start programs without end', Array(2).fill('while :; do /bin/true; done')),
  {
    what: 'a JSON patch of 18 copies of what it has made so far (A4)',
    begin: ({ client }) =>
      endless(() =>
        client.call('PATCH', `${core}/configmaps/bystander`, copies, 'application/json-patch+json'),
      ),
  },
  {
    what: 'bodies of 3 MiB of YAML (A5)',
    begin: ({ client }) =>
      endless(() => client.call('POST', `${core}/configmaps`, '['.repeat(3 << 20), 'application/yaml')),
  },
  {
    what: 'Pods of 30,000 variables (1.3 MiB of JSON)',
    begin: ({ client }) => endless(() => client.call('POST', `${core}/pods?dryRun=All`, largePod)),
  },
  ...badInput,
  { what: `${connections} connections that send nothing more`, begin: ({ client }) => slow(client) },
];
const copies = Array.from({ length: 18 }, (_, i) => ({
  op: 'copy',
  from: '/metadata',
  path: `/metadata/x${i}`,
}));

/** Written once, for the bystander waits for that as well; nor is the answer kept. */
const largePod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'large' },
  spec: {
    containers: [
      {
        name: 'c',
        image: 'i',
        env: Array.from({ length: 30_000 }, (_, i) => ({ name: `N${i}`, value: '1' })),
      },
    ],
  },
});

/** How long a GET of somebody else takes while each of them is at it. */
export async function bystander(subject: Subject): Promise<Figure[]> {
  await subject.client.call('POST', `${core}/configmaps`, configMap('bystander'));
  await prepareBadInput(subject);
  const figures: Figure[] = [];
  for (const { what, begin } of cases) {
    process.stderr.write(`  beside ${what} …\n`);
    const end = await begin(subject);
    await pause(settleMs);
    const waits = await watch(subject.client, watchedMs * Math.min(1, subject.scale));
    process.stderr.write(`    p99 ${percentile(waits, 0.99)} ms, longest ${percentile(waits, 1)} ms\n`);
    await end();
    figures.push({
      what: `a bystander's GET beside ${what}, p99`,
      measured: percentile(waits, 0.99),
      unit: 'ms',
      ...(what !== 'nobody' && { goal }),
      note: `p50 ${percentile(waits, 0.5)} ms, longest ${percentile(waits, 1)} ms, ${waits.length} GETs`,
    });
  }
  return figures;
}

async function watch(client: LoadClient, ms: number): Promise<number[]> {
  const waits: number[] = [];
  for (const until = performance.now() + ms; performance.now() < until; await pause(everyMs)) {
    const begun = performance.now();
    await client.call('GET', `${core}/configmaps/bystander`);
    waits.push(performance.now() - begun);
  }
  return waits;
}

function pods(what: string, scripts: string[]): Case {
  return {
    what,
    async begin({ client, id }) {
      const names = scripts.map((_, i) => `hostile-${id}-${i}`);
      for (const [i, script] of scripts.entries())
        await client.call('POST', `${core}/pods`, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: names[i] },
          spec: { containers: [{ name: 'c', image: 'hostile', args: [script] }] },
        });
      return async () => {
        for (const name of names) await client.call('DELETE', `${core}/pods/${name}?gracePeriodSeconds=0`);
        for (const name of names)
          while ((await client.call('GET', `${core}/pods/${name}`)).status === 200) await pause(20);
      };
    },
  };
}

async function slow(client: LoadClient): Promise<() => Promise<void>> {
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(client.address);
    socket.on('error', () => {});
    socket.once('secureConnect', () =>
      socket.write(`POST ${core}/configmaps HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n`),
    );
    return socket;
  });
  return async () => {
    for (const socket of sockets) socket.destroy();
  };
}

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Running, World } from '../packedWorld.ts';
import { until } from '../until.ts';
import { follow } from './follow.ts';

const stuck = `kubectl create deployment web --image=web:1 --dry-run=client -o json | node -e '
  const deployment = JSON.parse(require("node:fs").readFileSync(0));
  deployment.spec.progressDeadlineSeconds = 2;
  deployment.spec.template.spec.nodeSelector = { is: "nowhere" };
  console.log(JSON.stringify(deployment));' | kubectl create -f -`;

/** Who has programs told of changes: docs/events.md, with a receiver of this machine that wants none of them. */
export async function automator(world: World): Promise<void> {
  const receiver = createServer((request, response) => {
    request.resume();
    response.writeHead(422).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  let up: Running | undefined;
  let number = '';
  const letters = async (line: string) => {
    let said = '';
    await until('a dead letter is there', async () => {
      said = await world.run(line);
      return /^\d+ /m.test(said);
    });
    number = /^(\d+) /m.exec(said)![1]!;
    return said;
  };
  try {
    await follow(world, 'events.md', [
      [
        /^shallop up/,
        async ({ line }) => {
          const rules = readFileSync(join(world.folder, 'rules.yaml'), 'utf8');
          expect(rules).toContain('https://automation.example.org/hook');
          world.write('rules.yaml', rules.replace('https://automation.example.org/hook', url));
          up = world.begin(`${line} --runtime fake`);
          await up.tells(/^ready /m);
          await world.run(stuck);
        },
      ],
      [
        / dead-letters$/,
        async ({ line }) =>
          expect(await letters(line)).toMatch(
            /^NUMBER +TO +DIED +OBJECT +REASON\n\d+ +failed-deployments\/issues .*deployments\/web .*422/,
          ),
      ],
      [
        / retry \d+$/,
        async ({ line }) => {
          const before = number;
          expect(await world.run(line.replace(/\d+$/, before))).toContain('1 dead letters: retry');
          await letters('shallop events dead-letters');
        },
      ],
      [
        /^kubectl get --raw/,
        async ({ line }) => {
          const stream = world.begin(line);
          await until('the stream tells of a change', async () => {
            await world.run(`kubectl annotate --overwrite deployment web at=${Date.now()}`);
            return /^data: .*dev\.shallop\.object\.modified/m.test(stream.said());
          });
          await stream.interrupt();
        },
      ],
    ]);
    await world.run('shallop down');
    expect(await up!.ended).toBe(0);
  } finally {
    receiver.close();
    receiver.closeAllConnections();
  }
}

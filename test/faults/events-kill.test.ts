import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { openReceiver, outOfOrder, type Receiver, revisionsTaken } from '../support/events/receiver.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const changes = Number(process.env.SHALLOP_CHANGES ?? 10_000);
const kills = 3;
const objects = 200;
const writers = 16;
const limitMs = 600_000;
const seed = Number(process.env.SHALLOP_SEED ?? Date.now() % 1e6);
const { random } = seededIds(seed);

let plane: Plane;
let receiver: Receiver;
beforeAll(async () => {
  plane = await openPlane('events-kill');
  // A third fails, in the ways in which receivers fail.
  receiver = await openReceiver((_event, response, request) => {
    const chance = random();
    if (chance < 0.11) response.writeHead(500).end('no');
    else if (chance < 0.22) response.writeHead(503, { 'retry-after': '0' }).end();
    else if (chance < 0.33) request.socket.destroy();
    else return false;
    return true;
  });
  writeFileSync(join(plane.folder, 'key'), receiver.keyText);
  const rules = join(plane.folder, 'rules.yaml');
  const target = { name: 'receiver', webhook: { url: receiver.url, signingKeyFile: 'key' } };
  const pattern = {
    'detail-type': [{ prefix: 'ConfigMap ' }, { prefix: 'Secret ' }],
    detail: { data: { metadata: { name: [{ prefix: 'told-' }] } } },
  };
  const file = {
    apiVersion: 'events.shallop.dev/v1',
    kind: 'EventRules',
    rules: [{ name: 'all', pattern, targets: [target] }],
  };
  writeFileSync(rules, JSON.stringify(file));
});
afterAll(async () => {
  await plane.close();
  await receiver.close();
}, limitMs);

const start = () => plane.start('--runtime', 'fake', '--event-rules', join(plane.folder, 'rules.yaml'));

test(
  `${changes} changes reach a receiver that fails a third of the time, each at least once and in order per object, through ${kills} kills`,
  async () => {
    await start();
    const secret = Buffer.from('nobody-may-see-this').toString('base64');
    const acknowledged = new Map<string, number[]>();
    const serials = new Map<string, number>();
    let done = 0;

    /** Creates, changes and now and then deletes objects of its own, until so many are acknowledged or the server dies. */
    const write = async (client: LoadClient, writer: number, enough: number) => {
      while (done < enough) {
        const i = Math.floor(random() * (objects / writers)) * writers + writer;
        const isSecret = i % 10 === 9;
        const all = `/api/v1/namespaces/default/${isSecret ? 'secrets' : 'configmaps'}`;
        const name = `told-${i}`;
        const serial = (serials.get(name) ?? 0) + 1;
        serials.set(name, serial);
        const object = {
          apiVersion: 'v1',
          kind: isSecret ? 'Secret' : 'ConfigMap',
          metadata: { name, annotations: { serial: `${serial}` } },
          data: { value: isSecret ? secret : `${serial}` },
        };
        const isDeletion = serial % 25 === 0;
        const call = (method: string) =>
          client
            .call(
              method,
              method === 'POST' ? all : `${all}/${name}`,
              method === 'DELETE' ? undefined : object,
            )
            .catch(() => undefined);
        const answer = await call(isDeletion ? 'DELETE' : 'PUT');
        if (!answer) return;
        const created = answer.status === 404 ? await call('POST') : answer;
        if (!created) return;
        done++;
        if (created.status >= 300 || isDeletion) continue;
        const revision = Number(JSON.parse(created.text).metadata.resourceVersion);
        const subject = `${all}/${name}`;
        acknowledged.set(subject, [...(acknowledged.get(subject) ?? []), revision]);
      }
    };

    for (let round = 1; round <= kills + 1; round++) {
      const client = new LoadClient(plane.kubeconfig);
      const writing = Array.from({ length: writers }, (_, writer) =>
        write(client, writer, (changes * round) / (kills + 1)),
      );
      if (round <= kills) {
        // At any moment while there is something on its way.
        const enough = done + (changes / (kills + 1)) * random();
        await until(`writes are acknowledged, seed ${seed}`, () => done >= enough, limitMs);
        await plane.kill();
        await Promise.all(writing);
        client.close();
        await start();
      } else {
        await Promise.all(writing);
        client.close();
      }
    }

    const missing = () => {
      const taken = revisionsTaken(receiver);
      return [...acknowledged].flatMap(([subject, revisions]) => {
        const told = new Set(taken.get(subject));
        return revisions
          .filter((revision) => !told.has(revision))
          .map((revision) => `${subject} ${revision}`);
      });
    };
    // Of so many one fails eight times in a row, and is tried again after a minute and a half in all.
    const areAllTold = () => missing().length === 0;
    await until(`every acknowledged change is told, seed ${seed}`, areAllTold, limitMs / 2).catch(() => {});
    expect({ seed, missing: missing() }).toEqual({ seed, missing: [] });
    expect({ seed, outOfOrder: outOfOrder(receiver), wrong: receiver.wrong }).toEqual({
      seed,
      outOfOrder: [],
      wrong: [],
    });
    expect(receiver.attempts).toBeGreaterThan(receiver.taken.length * 1.2);
    expect(JSON.stringify(receiver.taken)).not.toContain(secret);
    // The same event is the same message, however often it comes.
    const messages = new Map(
      receiver.taken.map(({ event, messageId }) => [event.source + event.id, messageId]),
    );
    expect(
      receiver.taken.every(({ event, messageId }) => messages.get(event.source + event.id) === messageId),
    ).toBe(true);
    expect(JSON.parse(await plane.shallop('events', 'dead-letters', '-o', 'json')).items).toEqual([]);
  },
  limitMs,
);

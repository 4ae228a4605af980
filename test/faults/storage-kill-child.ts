import { writeSync } from 'node:fs';
import { openLmdbStorage } from '../../src/local/drivers/lmdb/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';

/**
 * Writes with 16 writers until it is killed, and prints each acknowledgement: `<type> <name> <revision>`.
 * Arguments: data folder, round.
 */
const [dir = '', round = ''] = process.argv.slice(2);
const retention = { keepMs: 0, keepAtLeast: 300, keepAtMost: 400 };
const storage = await openLmdbStorage({ dir, clock: systemClock, retention });
const value = 'x'.repeat(700);
const build = (revision: string) => Buffer.from(JSON.stringify({ revision, value }));

/** Straight to the pipe: an acknowledgement that was given is seen even when the kill is next. */
const say = (line: string) => writeSync(1, `${line}\n`);

async function write(writer: number): Promise<never> {
  for (let i = 0; ; i++) {
    const name = `w${writer}-${round}-${i}`;
    const key = { cluster: 'default', resource: 'pods', namespace: `ns${writer % 3}`, name };
    const index = { owners: [`u${writer}`], labels: { round } };
    let { revision } = await storage.create(key, build, index);
    say(`put ${key.namespace}/${name} ${revision}`);
    ({ revision } = await storage.update(key, revision, build, i % 2 ? index : {}));
    say(`put ${key.namespace}/${name} ${revision}`);
    if (i % 3 === 0) continue;
    ({ revision } = await storage.delete(key, revision, build));
    say(`delete ${key.namespace}/${name} ${revision}`);
  }
}

say('ready');
await Promise.all(Array.from({ length: 16 }, (_, writer) => write(writer)));

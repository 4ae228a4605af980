import { createReadStream } from 'node:fs';
import type { Engine } from '../../src/local/drivers/pods/engine/index.ts';
import { carryOut } from '../../src/local/drivers/pods/engine/progress.ts';
import { until } from '../../test/support/until.ts';
import type { Maker } from './maker.ts';
import { seconds } from './seconds.ts';

/** What `docker pull`, `docker load` and `docker run --detach` ask of the engine. */
export function dockerMaker({ client }: Engine): Maker {
  const remove = (path: string) =>
    client.ask('DELETE', path, { query: { force: true } }).catch((error: Error) => {
      if (!/no such/i.test(error.message)) throw error;
    });
  const inspect = (name: string) =>
    client.ask<{ Id: string; State: { Running: boolean } }>('GET', `/containers/${name}/json`);

  return {
    pull(image) {
      const [, fromImage, tag] = /^(.*):([^:]+)$/.exec(image)!;
      return seconds(() => carryOut(client, '/images/create', { query: { fromImage, tag } }));
    },
    load: (file) =>
      seconds(() =>
        carryOut(client, '/images/load', { query: { quiet: true }, archive: createReadStream(file) }),
      ),
    async start(image, names) {
      const run = async (name: string) => {
        await client.ask('POST', '/containers/create', { query: { name }, body: { Image: image } });
        await client.ask('POST', `/containers/${name}/start`);
        await until(`${name} runs`, async () => (await inspect(name)).State.Running, 120_000, 5);
      };
      await Promise.all(names.map(run));
    },
    marks: (names) => Promise.all(names.map(async (name) => (await inspect(name)).Id)),
    remove: async (names) => void (await Promise.all(names.map((name) => remove(`/containers/${name}`)))),
    forget: async (images) => {
      for (const image of images) await remove(`/images/${image}`);
    },
  };
}

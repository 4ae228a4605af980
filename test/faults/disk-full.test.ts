import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { limit } from '../support/process.ts';

const paths = {
  ConfigMap: '/api/v1/namespaces/default/configmaps',
  Secret: '/api/v1/namespaces/default/secrets',
};
type Kind = keyof typeof paths;
/** Every other object is a Secret, which is stored sealed. */
const kindOf = (n: number): Kind => (n % 2 ? 'Secret' : 'ConfigMap');
const value = (n: number) => `no-file-may-tell-${n}-`.padEnd(100_000, 'x');
const { test: onLinux } = needs(notLinux);

let plane: Plane;
let client: LoadClient;
beforeAll(async () => {
  plane = await openPlane('disk-full');
  await plane.start('--runtime', 'fake');
  client = new LoadClient(plane.kubeconfig);
});
afterAll(async () => {
  client.close();
  await plane.close();
});

/** Creates the object of a number; answers the status and the text. */
function create(n: number) {
  const kind = kindOf(n);
  const data = { value: kind === 'Secret' ? Buffer.from(value(n)).toString('base64') : value(n) };
  return client.call('POST', paths[kind], { apiVersion: 'v1', kind, metadata: { name: `x${n}` }, data });
}

/** Answers the numbers of all objects that are there, each with the value that was written. */
async function numbers(): Promise<number[]> {
  const found: number[] = [];
  for (const kind of ['ConfigMap', 'Secret'] as const) {
    const { status, text } = await client.call('GET', paths[kind]);
    expect(status).toBe(200);
    const { items } = JSON.parse(text) as {
      items: { metadata: { name: string }; data?: { value?: string } }[];
    };
    for (const { metadata, data } of items) {
      if (!/^x\d+$/.test(metadata.name)) continue;
      const n = Number(metadata.name.slice(1));
      const read = data!.value!;
      expect(kind === 'Secret' ? Buffer.from(read, 'base64').toString() : read).toBe(value(n));
      found.push(n);
    }
  }
  return found.sort((a, b) => a - b);
}

onLinux(
  'A10: on a full disk writes of sealed Secrets and others are refused with a Status, reads and the lock hold; with room again nothing is lost',
  async () => {
    const { pid } = plane.child!;
    // No file of the process may grow beyond this: what it writes then fails as on a full disk.
    limit(pid!, 'fsize', statSync(join(plane.dataDir, 'storage', 'data.mdb')).size + 1_000_000);
    const written: number[] = [];
    const refusals = new Set<string>();
    for (let n = 0; n < 40; n++) {
      const { status, text } = await create(n);
      if (status === 201) written.push(n);
      else {
        const { kind, code, reason, message } = JSON.parse(text);
        refusals.add(`${kind} ${code} ${reason}: ${message}`);
      }
    }
    console.info(`${written.length} of 40 written, then: ${[...refusals].join('; ')}`);
    expect(written.length).toBeGreaterThan(3);
    expect(written.length).toBeLessThan(40);
    expect([...refusals]).toEqual([
      expect.stringMatching(/^Status 503 ServiceUnavailable: .*(disk|space|write)/i),
    ]);
    expect(await numbers()).toEqual(written);
    expect((await client.call('GET', '/readyz')).status).toBe(200);
    await expect(
      plane.shallop('up', '--data-dir', plane.dataDir, '--runtime', 'fake', '--port', '0'),
    ).rejects.toThrow(`is in use by another control plane (pid ${pid}, https://`);

    limit(pid!, 'fsize', 'unlimited');
    for (let n = 100; n < 110; n++) {
      expect((await create(n)).status).toBe(201);
      written.push(n);
    }
    await plane.kill();
    await plane.start('--runtime', 'fake');
    client.close();
    client = new LoadClient(plane.kubeconfig);
    expect(await numbers()).toEqual(written);
    const secrets = written.filter((n) => kindOf(n) === 'Secret');
    const storage = readFileSync(join(plane.dataDir, 'storage', 'data.mdb'), 'latin1');
    expect(secrets.filter((n) => storage.includes(`no-file-may-tell-${n}-`))).toEqual([]);
    expect(storage).toContain('no-file-may-tell-0-');
  },
);

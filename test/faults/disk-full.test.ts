import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { limit } from '../support/process.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
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

const configMap = (name: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { value: 'x'.repeat(100_000) },
});

async function names(): Promise<string[]> {
  const { status, text } = await client.call('GET', configMaps);
  expect(status).toBe(200);
  const { items } = JSON.parse(text) as { items: { metadata: { name: string } }[] };
  return items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('x'));
}

onLinux(
  'on a full disk writes are refused with a Status, reads go on; with room again all goes on, and nothing is lost',
  async () => {
    const { pid } = plane.child!;
    // No file of the process may grow beyond this: what it writes then fails as on a full disk.
    limit(pid!, 'fsize', statSync(join(plane.dataDir, 'storage', 'data.mdb')).size + 1_000_000);
    const written: string[] = [];
    const refusals = new Set<string>();
    for (let n = 0; n < 40; n++) {
      const { status, text } = await client.call('POST', configMaps, configMap(`x${n}`));
      if (status === 201) written.push(`x${n}`);
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
    expect((await names()).sort()).toEqual([...written].sort());
    expect((await client.call('GET', '/readyz')).status).toBe(200);

    limit(pid!, 'fsize', 'unlimited');
    for (let n = 100; n < 110; n++) {
      expect((await client.call('POST', configMaps, configMap(`x${n}`))).status).toBe(201);
      written.push(`x${n}`);
    }
    await plane.kill();
    await plane.start('--runtime', 'fake');
    client.close();
    client = new LoadClient(plane.kubeconfig);
    expect((await names()).sort()).toEqual([...written].sort());
  },
);

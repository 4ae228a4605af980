import { expect, test } from '@jest/globals';
import { admissionPlugins } from '../shared/admission/registry.ts';
import { testServer } from '../shared/api/testing/testingServer.ts';
import { ManualClock } from '../shared/clock/manualClock.ts';
import { seededIds } from '../shared/clock/seededIds.ts';
import { openMemoryStorage } from '../shared/storage/memory/index.ts';
import { serviceRanges } from './serviceRanges.ts';

async function server() {
  const clock = new ManualClock();
  const storage = openMemoryStorage({ clock });
  const admission = admissionPlugins({
    ...{ storage, clock, ids: seededIds(3), serviceCidr: '10.96.0.0/28' },
    addressesIn: serviceRanges(storage, '10.96.0.0/28'),
  });
  const { send } = await testServer({ storage, admission });
  const group = '/apis/networking.k8s.io/v1';
  return {
    send,
    range: (name: string, ...cidrs: string[]) =>
      send(`POST ${group}/servicecidrs`, {
        body: { metadata: { name, finalizers: ['test/keep'] }, spec: { cidrs } },
      }),
    end: (name: string) => send(`DELETE ${group}/servicecidrs/${name}`),
    keep: (name: string) =>
      send(`POST ${group}/ipaddresses`, {
        body: { metadata: { name }, spec: { parentRef: { resource: 'others', name: 'x' } } },
      }),
    service: (name: string, clusterIP?: string) =>
      send('POST /api/v1/namespaces/default/services', {
        body: { metadata: { name }, spec: { ports: [{ port: 80 }], ...(clusterIP && { clusterIP }) } },
      }),
  };
}

test('without a range of anybody’s addresses come from the plane’s own', async () => {
  const { service } = await server();
  expect((await service('a')).json.spec.clusterIP).toMatch(/^10\.96\.0\./);
});

test('an added range is one more to choose from, and one that ends is none', async () => {
  const { service, range, end } = await server();
  await range('kubernetes', '10.96.0.0/30');
  await range('more', '10.97.0.0/29', '2001:db8::/112');
  const made = await Promise.all(Array.from({ length: 8 }, (_, i) => service(`s${i}`)));
  expect(made.map(({ json }) => json.spec.clusterIP).sort()).toEqual([
    ...['10.96.0.1', '10.96.0.2'],
    ...[1, 2, 3, 4, 5, 6].map((n) => `10.97.0.${n}`),
  ]);
  const full = await service('full');
  expect([full.status, full.json.message]).toEqual([500, expect.stringContaining('range is full')]);
  await range('third', '10.98.0.0/29');
  expect((await service('asked', '10.98.0.3')).json.spec.clusterIP).toBe('10.98.0.3');
  await end('third');
  const refused = await service('late', '10.98.0.4');
  expect([refused.status, refused.json.message]).toEqual([
    422,
    expect.stringContaining('the provided network does not match the current range'),
  ]);
  await end('kubernetes');
  await end('more');
  expect((await service('none')).status).toBe(500);
});

test('an address that somebody keeps for something else is not given', async () => {
  const { service, range, keep } = await server();
  await range('kubernetes', '10.96.0.0/30');
  await keep('10.96.0.1');
  const refused = await service('asked', '10.96.0.1');
  expect([refused.status, refused.json.message]).toEqual([
    422,
    expect.stringContaining('provided IP is already allocated'),
  ]);
  expect((await service('a')).json.spec.clusterIP).toBe('10.96.0.2');
});

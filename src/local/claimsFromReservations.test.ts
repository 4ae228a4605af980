import { expect, test } from '@jest/globals';
import { ManualClock } from '../shared/clock/manualClock.ts';
import type { Storage } from '../shared/ports/storage.ts';
import { openMemoryStorage } from '../shared/storage/memory/index.ts';
import { claimsFromReservations } from './claimsFromReservations.ts';

const resource = 'services';
const reservations = { cluster: 'default', resource: 'serviceaddresses.internal' };

/** As earlier versions left it: a Service, and a reservation for each of its values. */
async function leave(storage: Storage, path: string, spec: object, values: string[]): Promise<void> {
  const [cluster = '', namespace = '', name = ''] = path.split('/');
  const metadata = { name, namespace, uid: `uid-${path}` };
  await storage.create(
    { cluster, resource, namespace, name },
    (resourceVersion) =>
      Buffer.from(JSON.stringify({ kind: 'Service', metadata: { ...metadata, resourceVersion }, spec })),
    { labels: { app: name } },
  );
  const owner = Buffer.from(JSON.stringify({ cluster, service: { namespace, name }, at: 0 }));
  for (const value of values)
    await storage.create({ ...reservations, namespace: '', name: value }, () => owner).catch(() => {});
}

const address = (ip: string) => ({ type: 'ClusterIP', clusterIP: ip, clusterIPs: [ip] });
const held = async (storage: Storage) =>
  [...(await storage.claims(resource))]
    .map(([value, k]) => `${value} ${k.cluster}/${k.namespace}/${k.name}`)
    .sort();

async function earlier(): Promise<Storage> {
  const storage = openMemoryStorage({ clock: new ManualClock() });
  await leave(storage, 'default/a/one', address('10.96.0.1'), ['10.96.0.1']);
  const ports = [
    { port: 80, nodePort: 30080, protocol: 'TCP' },
    { port: 80, nodePort: 30080, protocol: 'UDP' },
  ];
  const balancer = { ...address('10.96.0.2'), type: 'LoadBalancer', externalTrafficPolicy: 'Local' };
  const both = { ...balancer, ports, healthCheckNodePort: 30090 };
  await leave(storage, 'branch/b/two', both, ['10.96.0.2', '30080', '30090']);
  await leave(storage, 'default/a/headless', { type: 'ClusterIP', clusterIPs: ['None'] }, []);
  // Of a Service that is gone.
  await storage.create({ ...reservations, namespace: '', name: '30099' }, () =>
    Buffer.from(JSON.stringify({ cluster: 'default', service: { namespace: 'a', name: 'gone' }, at: 0 })),
  );
  return storage;
}

const all = [
  '10.96.0.1 default/a/one',
  '10.96.0.2 branch/b/two',
  '30080@branch branch/b/two',
  '30090@branch branch/b/two',
];

test('Services of earlier versions claim what was reserved for them, once, and the reservations go', async () => {
  const storage = await earlier();
  await claimsFromReservations(storage);
  expect(await held(storage)).toEqual(all);
  expect((await storage.list(reservations)).items).toEqual([]);
  const key = { cluster: 'default', resource, namespace: 'a', name: 'one' };
  const { value, revision, index } = (await storage.get(key))!;
  expect(index.labels).toEqual({ app: 'one' });
  expect(JSON.parse(Buffer.from(value).toString())).toMatchObject({
    metadata: { uid: 'uid-default/a/one', resourceVersion: revision },
    spec: { clusterIP: '10.96.0.1' },
  });
  const head = await storage.head('default', resource);
  await claimsFromReservations(storage);
  expect(await storage.head('default', resource)).toBe(head);
});

test('a start that was killed on the way goes on where it was', async () => {
  const storage = await earlier();
  let writes = 0;
  const dying: Storage = Object.create(storage, {
    update: {
      value: (...of: Parameters<Storage['update']>) => {
        if (writes++) throw new Error('killed');
        return storage.update(...of);
      },
    },
    list: { value: (...of: Parameters<Storage['list']>) => storage.list(...of) },
  });
  await expect(claimsFromReservations(dying)).rejects.toThrow('killed');
  expect(await held(storage)).toHaveLength(1);
  await claimsFromReservations(storage);
  expect(await held(storage)).toEqual(all);
  expect((await storage.list(reservations)).items).toEqual([]);
});

test('of two Services with one address the first keeps it, and the other the rest', async () => {
  const storage = await earlier();
  const spec = { ...address('10.96.0.1'), type: 'NodePort', ports: [{ port: 80, nodePort: 30001 }] };
  await leave(storage, 'default/b/late', spec, ['30001']);
  await claimsFromReservations(storage);
  expect(await held(storage)).toEqual([...all, '30001 default/b/late'].sort());
});

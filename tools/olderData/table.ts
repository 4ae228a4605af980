// Runs within the tree of an earlier commit, whose modules these are (make.sh): writes the items of a deployment's
// table, with its API and its controllers over the simulated table, into table.json.
import { writeFileSync } from 'node:fs';

const from = (path: string) => import(`${process.cwd()}/${path}`);
const { ManualClock } = await from('src/shared/clock/manualClock.ts');
const { seededIds } = await from('src/shared/clock/seededIds.ts');
const { simulatedCore } = await from('test/support/aws/simulatedCore.ts');
const { createManager, storageSource } = await from('src/shared/controllers/manager/index.ts');
const { controllers } = await from('src/shared/controllers/registry.ts');
const { createFakePods } = await from('src/shared/cloud/fake/pods.ts');
const { virtualNodes } = await from('src/shared/cloud/aws/pods/nodes.ts');
const { settings } = await from('test/support/aws/fakeEcsWorld.ts');
const { FakeLoadBalancers } = await from('src/shared/cloud/fake/loadBalancers.ts');
const { silentLogger: log } = await from('src/shared/observability/logger.ts');
const { configMaps, deployments, services } = await from('src/shared/controllers/resources.ts');
const { deploymentOf } = await from('test/support/controllers/world.ts');

const clock = new ManualClock();
const { core, simulator } = simulatedCore(clock);
const { storage, clients, environment: env } = core;
// Nodes as on AWS, whose Pods then run nowhere: to the tests they are such as ECS has forgotten.
const nodes = virtualNodes({ ...settings, zones: settings.zones.slice(0, 1) });
const cloud = { pods: createFakePods({ clock, nodes }), loadBalancers: new FakeLoadBalancers() };
const source = storageSource(storage);
const manager = createManager({
  ...{ controllers, source, clients, cloud, clock, ids: seededIds(9), log, env },
});

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) {
    await clock.advance(20);
    await new Promise(setImmediate);
  }
}
/** Lets time pass until a request is answered. */
async function ask(request: Promise<unknown>): Promise<void> {
  let done = false;
  const end = request.finally(() => {
    done = true;
  });
  end.catch(() => {});
  while (!done) await pass(20);
  await end;
}

const client = clients('default');
const named = (name: string) => ({ metadata: { name, namespace: 'default' } });
await ask(manager.start());
await ask(client.create(deployments, deploymentOf('web', 2)));
const ports = [{ port: 80, targetPort: 8080, protocol: 'TCP' }];
const spec = { type: 'LoadBalancer' as const, selector: { app: 'web' }, ports };
await ask(client.create(services, { ...named('web'), spec }));
await ask(client.create(configMaps, { ...named('settings'), data: { colour: 'green' } }));
// Compressed in the table.
await ask(client.create(configMaps, { ...named('large'), data: { noise: 'green '.repeat(3_000) } }));
await ask(client.create(configMaps, named('gone')));
await pass(20_000);
const containers = [{ name: 'c', image: 'app:2' }];
await ask(client.patch(deployments, 'default', 'web', { spec: { template: { spec: { containers } } } }));
await ask(client.delete(configMaps, 'default', 'gone'));
await pass(60_000);

type Stored = Record<string, { B?: Uint8Array }>;
const items = simulator.operations.items
  .all()
  .map((item: Stored) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
      ]),
    ),
  );
writeFileSync('table.json', JSON.stringify({ now: clock.now(), items }));
process.exit(0);

import { beforeEach, describe, expect, test } from '@jest/globals';
import { FakeEfs } from '../../../../test/support/aws/fakeEfs.ts';
import { FakeElb } from '../../../../test/support/aws/fakeElb.ts';
import { FakeRoute53 } from '../../../../test/support/aws/fakeRoute53.ts';
import { FakeSecrets } from '../../../../test/support/aws/fakeSecrets.ts';
import { until } from '../../../../test/support/until.ts';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import { silentLogger } from '../../../shared/observability/logger.ts';
import { openNetworkLoadBalancers } from '../loadBalancers/index.ts';
import { openRoute53Names } from '../names/index.ts';
import { memoryLedger } from '../names/ledger.ts';
import { openSecretVault } from '../secrets/index.ts';
import { openEfsVolumes } from '../volumes/index.ts';
import { each, type Stage, sweep } from './index.ts';
import { allStages } from './stages.ts';

/** Tasks that end a look after they were stopped, and definitions. */
class FakeTasks {
  readonly calls: string[] = [];
  tasks = new Map<string, 'RUNNING' | 'DEPROVISIONING' | 'STOPPED'>();
  definitions = new Map<string, 'ACTIVE' | 'INACTIVE'>();
  /** Is what the containers of a definition get from Secrets Manager. */
  secrets = new Map<string, string[]>();

  readonly client = {
    send: async (command: { constructor: { name: string }; input: object }): Promise<never> => {
      const name = command.constructor.name.replace(/Command$/, '');
      this.calls.push(name);
      return (this.#acts[name]!(command.input as Input) ?? {}) as never;
    },
  };

  readonly #acts: Record<string, (input: Input) => object | undefined> = {
    ListTasks: ({ desiredStatus }) => ({
      taskArns: [...this.tasks]
        .filter(([, s]) => (s === 'RUNNING') === (desiredStatus === 'RUNNING'))
        .map(([arn]) => arn),
    }),
    StopTask: ({ task }) => void this.tasks.set(task, 'DEPROVISIONING'),
    DescribeTasks: ({ tasks }) => {
      const found = tasks.map((arn) => ({ lastStatus: this.tasks.get(arn) }));
      for (const arn of tasks) this.tasks.set(arn, 'STOPPED');
      return { tasks: found };
    },
    ListTaskDefinitions: ({ status }) => ({
      taskDefinitionArns: [...this.definitions].filter(([, s]) => s === status).map(([arn]) => arn),
    }),
    DeregisterTaskDefinition: ({ taskDefinition: arn }) => {
      this.definitions.set(arn, 'INACTIVE');
      const secrets = (this.secrets.get(arn) ?? []).map((valueFrom) => ({ name: 'x', valueFrom }));
      return { taskDefinition: { containerDefinitions: [{ secrets }, {}] } };
    },
    DeleteTaskDefinitions: ({ taskDefinitions }) => {
      expect(taskDefinitions.length).toBeLessThanOrEqual(10);
      for (const arn of taskDefinitions) this.definitions.delete(arn);
      return undefined;
    },
  };
}

const log = silentLogger;
/** Whatever of it a request has. */
interface Input {
  task: string;
  tasks: string[];
  desiredStatus: string;
  status: string;
  taskDefinition: string;
  taskDefinitions: string[];
}
const definition = (family: string) => `arn:aws:ecs:x:1:task-definition/${family}:1`;

describe('everything of a deployment', () => {
  let clock: ManualClock;
  let elb: FakeElb;
  let route53: FakeRoute53;
  let secrets: FakeSecrets;
  let efs: FakeEfs;
  let ecs: FakeTasks;
  const parts = (deployment: string) => ({ clock, ids: seededIds(), deployment });
  const balancersOf = (deployment: string) =>
    openNetworkLoadBalancers({
      ...parts(deployment),
      elb: elb.client,
      ec2: elb.client,
      vpc: 'vpc-1',
      subnets: ['subnet-1'],
      securityGroup: 'sg-0',
    });
  const namesOf = (deployment: string) =>
    openRoute53Names({
      ...parts(deployment),
      client: route53.client,
      ledger: memoryLedger(),
      zone: { id: 'Z', domain: 'cluster.local', deployment },
    });
  const vaultOf = (deployment: string) => openSecretVault({ ...parts(deployment), client: secrets.client });
  const stages = () =>
    allStages({
      ...parts('dev'),
      vpc: 'vpc-1',
      securityGroup: 'sg-0',
      cluster: 'c',
      hostedZone: 'Z',
      ecs: ecs.client,
      elb: elb.client,
      ec2: elb.client,
      route53: route53.client,
      secretsManager: secrets.client,
      efs: efs.client,
    });
  /** Steps the clock while the sweep waits. */
  const run = async (options: { stages: Stage[]; until: number }) => {
    let ended = false;
    const sweeping = sweep({ ...options, clock, log }).finally(() => {
      ended = true;
    });
    while (!ended)
      if (clock.sleeping > 0) await clock.advance(1_000);
      else await new Promise<void>((resolve) => setImmediate(resolve));
    return sweeping;
  };

  const fill = async (deployment: string) => {
    const ref = (name: string) => ({
      cluster: 'default',
      namespace: 'ns',
      name,
      uid: `${deployment}-${name}`,
    });
    const service = (annotations: Record<string, string>, port: number) => ({
      metadata: { name: 'x', annotations },
      spec: { type: 'LoadBalancer' as const, ports: [{ port }] },
    });
    const shared = { 'shallop.dev/shared-lb': 'all' };
    await balancersOf(deployment).ensure(ref('web'), service({}, 80), []);
    await balancersOf(deployment).ensure(ref('a'), service(shared, 81), []);
    await balancersOf(deployment).ensure(ref('b'), service(shared, 82), []);
    await namesOf(deployment).publish(ref('web'), [{ name: 'web.ns.svc', type: 'A', values: ['10.0.0.1'] }]);
    await vaultOf(deployment).project(ref('db'), { metadata: {}, data: {} });
    await openEfsVolumes({ ...parts(deployment), client: efs.client }).provision(
      ref('data'),
      { metadata: {} },
      {
        metadata: {},
        provisioner: 'efs.csi.aws.com',
        parameters: { provisioningMode: 'efs-ap', fileSystemId: 'fs-1' },
      },
    );
  };

  beforeEach(async () => {
    clock = new ManualClock();
    elb = new FakeElb();
    route53 = new FakeRoute53();
    secrets = new FakeSecrets();
    efs = new FakeEfs(['fs-1']);
    ecs = new FakeTasks();
    for (const [Type, Value] of [
      ['SOA', 's'],
      ['NS', 'n'],
    ] as const)
      route53.put({ Name: 'cluster.local.', Type, TTL: 900, ResourceRecords: [{ Value }] });
    await fill('dev');
    ecs.tasks.set('task-1', 'RUNNING');
    ecs.definitions.set(definition('shallop-dev-0123'), 'ACTIVE');
    for (let i = 0; i < 12; i++) ecs.definitions.set(definition(`shallop-dev-ab${i}`), 'INACTIVE');
  });

  test('is removed, though AWS holds some of it for a while', async () => {
    elb.interfacesLinger = true;
    ecs.definitions.set(definition('shallop-dev-2-0123'), 'ACTIVE');
    ecs.definitions.set(definition('mine'), 'ACTIVE');
    const swept = run({ stages: stages(), until: clock.now() + 600_000 });
    await until('a security group to be held', () => elb.calls.includes('DeleteSecurityGroup'));
    elb.released();
    expect(await swept).toEqual({});
    expect(elb.left).toEqual([]);
    expect(route53.size).toBe(2);
    expect(secrets.entries.size).toBe(0);
    expect(efs.points.size).toBe(0);
    expect([...ecs.tasks.values()]).toEqual(['STOPPED']);
    expect([...ecs.definitions.keys()]).toEqual([definition('shallop-dev-2-0123'), definition('mine')]);
  });

  test('copies of Secrets that are not listed yet are found in what used them', async () => {
    const ref = { cluster: 'default', namespace: 'ns', name: 'new-secret', uid: 'u' };
    const { arn } = await vaultOf('dev').project(ref, { metadata: {}, data: {} });
    await vaultOf('prod').project(ref, { metadata: {}, data: {} });
    for (const name of secrets.entries.keys()) if (name.endsWith('new-secret')) secrets.unlisted.add(name);
    const others = secrets.entries.get('shallop/prod/default/ns/new-secret')!.ARN;
    ecs.secrets.set(definition('shallop-dev-0123'), [`${arn}:key::`, `${arn}:other::`, others]);
    await run({ stages: stages(), until: clock.now() + 600_000 });
    expect([...secrets.entries.keys()]).toEqual(['shallop/prod/default/ns/new-secret']);
    expect(secrets.calls.filter((call) => call === 'DeleteSecret')).toHaveLength(2);
  });

  test('leaves what is of another deployment', async () => {
    route53 = new FakeRoute53();
    const before = elb.left;
    await fill('prod');
    const others = elb.left.filter((name) => !before.includes(name)).sort();
    const count = secrets.entries.size;
    await run({ stages: stages().filter(({ name }) => name !== 'names'), until: clock.now() + 600_000 });
    expect(elb.left.sort()).toEqual(others);
    expect(secrets.entries.size).toBe(count - 1);
    expect(efs.points.size).toBe(1);
  });

  test('says what is left when the time is over, and the next sweep goes on', async () => {
    elb.interfacesLinger = true;
    expect(await run({ stages: stages(), until: clock.now() + 20_000 })).toEqual({
      'security groups': 2,
      'network interfaces': 1,
    });
    elb.released();
    expect(await run({ stages: stages(), until: clock.now() + 20_000 })).toEqual({});
  });

  test('interrupted at any request, the next sweep ends it', async () => {
    for (const name of ['DeleteLoadBalancer', 'DeleteTargetGroup', 'DeleteSecurityGroup']) {
      await fill('dev');
      elb.failNext(name, 'OperationNotPermittedException');
      const left = await run({ stages: stages(), until: clock.now() + 1_000 });
      expect(Object.values(left)).toContainEqual(expect.stringContaining('OperationNotPermitted'));
      expect(await run({ stages: stages(), until: clock.now() + 20_000 })).toEqual({});
      expect(elb.left).toEqual([]);
    }
  });

  test('nothing there: it only looks', async () => {
    await run({ stages: stages(), until: clock.now() + 60_000 });
    for (const fake of [elb, route53, secrets, efs, ecs]) fake.calls.length = 0;
    expect(await run({ stages: stages(), until: clock.now() + 60_000 })).toEqual({});
    const calls = [elb, route53, secrets, efs, ecs].flatMap((fake) => fake.calls);
    expect(calls.filter((call) => !/^(Describe|List)/.test(call))).toEqual([]);
  });
});

test('one that fails holds up no other, and is told at the end', async () => {
  const done: number[] = [];
  const working = each(
    [1, 2, 3],
    () => false,
    async (n) => {
      if (n === 1) throw new Error('protected');
      done.push(n);
    },
  );
  await expect(working).rejects.toThrow('protected');
  expect(done).toEqual([2, 3]);
});

test('work ends when time does', async () => {
  const done: number[] = [];
  const left = await each(
    [1, 2, 3],
    () => done.length === 2,
    async (n) => done.push(n),
  );
  expect([left, done]).toEqual([1, [1, 2]]);
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { openPodUsage } from '../../src/aws/drivers/dynamodb/podUsage.ts';
import { usagesTold } from '../../src/aws/podUsage/told.ts';
import { machineUsage, usageOf } from '../../src/local/drivers/pods/process/usage.ts';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../src/shared/clock/seededIds.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import { createFakePods } from '../../src/shared/fake/pods.ts';
import { cpuAnnotation, memoryAnnotation } from '../../src/shared/fake/statistics.ts';
import type { Pod } from '../../src/shared/kinds/schema/types.ts';
import { taskMetadata } from '../support/aws/fakeTaskMetadata.ts';
import { Simulator } from '../support/dynamodb/simulator.ts';
import { needs } from '../support/needs.ts';
import { openBench } from '../support/processPods.ts';
import { statisticsContract, subjectOn } from './statistics.ts';

const noProc = process.platform === 'linux' ? undefined : 'there is no /proc here';
const onLinux = needs(noProc);

statisticsContract('fake', async () => {
  const clock = new ManualClock();
  const pods = createFakePods({ clock });
  const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
  const pod: Pod = {
    metadata: {
      ...{ name: 'p', namespace: 'ns', uid: 'u' },
      annotations: { [memoryAnnotation]: '16Mi', [`${cpuAnnotation}.busy`]: '500m' },
    },
    spec: {
      containers: [
        { name: 'busy', image: 'i' },
        { name: 'idle', image: 'i' },
      ],
    },
  };
  await pods.ensure(ref, pod, {} as never);
  await clock.advance(1000);
  return {
    ...{ statistics: pods.statistics, ref, pod },
    now: () => clock.now(),
    pass: () => clock.advance(1000),
    close: async () => {},
  };
});

statisticsContract('DynamoDB, as Pods on AWS tell it', async () => {
  const clock = new ManualClock(Date.UTC(2026, 10, 30));
  const { client } = new Simulator({ clock, ids: seededIds(1) }).connect();
  const usage = openPodUsage({ client, table: 't', clock, ids: seededIds(2), everyMs: 60_000 });
  const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
  const containers = ['busy', 'idle'].map((name) => ({ name, image: 'i' }));
  const startedAt = clock.now();
  const names = new Set(containers.map(({ name }) => name));
  const tell = async () => {
    const at = clock.now();
    const used = (cores: number) => ({
      ...{ at, memoryBytes: 2 ** 24 },
      cpuNanoseconds: cores * (at - startedAt) * 1e6,
    });
    // The one that tells beside them, in an order of its own.
    const told = taskMetadata(
      [
        { name: 'shallop-tokens', cores: 0.01 },
        { name: 'idle', cores: 0 },
        { name: 'busy', cores: 0.5 },
      ].map(({ name, cores }) => ({ name, startedAt, used: used(cores) })),
    );
    await usage.keep(ref, usagesTold(Buffer.from(JSON.stringify(told)), names, at));
  };
  await clock.advance(20_000);
  await tell();
  return {
    ...{ statistics: usage, ref, pod: { metadata: { name: 'p' }, spec: { containers } } },
    now: () => clock.now(),
    pass: async () => {
      await clock.advance(60_000);
      await tell();
    },
    close: async () => {},
  };
});

if (!noProc) statisticsContract('process', async () => subjectOn(await openBench()));

onLinux.test('this machine uses CPU and memory as a whole', () => {
  const now = systemClock.now();
  const used = machineUsage(now);
  expect(used).toMatchObject({ at: now });
  expect(used!.cpuNanoseconds).toBeGreaterThan(0);
  expect(used!.memoryBytes).toBeGreaterThan(0);
  expect(used!.since).toBeLessThan(now);
});

const groups: [string, Record<string, string>, { cpuNanoseconds: number; memoryBytes: number }][] = [
  [
    'version 2',
    {
      'cpu.stat': 'usage_usec 1500\nuser_usec 1000\n',
      'memory.current': '10000\n',
      'memory.stat': 'anon 5000\nactive_file 1000\ninactive_file 4000\n',
    },
    { cpuNanoseconds: 1_500_000, memoryBytes: 6000 },
  ],
  [
    'version 1',
    {
      'cpuacct.usage': '1500000\n',
      'memory.usage_in_bytes': '10000\n',
      'memory.stat': 'inactive_file 1\ntotal_inactive_file 2500\n',
    },
    { cpuNanoseconds: 1_500_000, memoryBytes: 7500 },
  ],
];
test.each(groups)(
  'a control group of %s tells the working set as kubelet reckons it',
  async (_, files, wanted) => {
    const folder = mkdtempSync(join(tmpdir(), 'shallop-group-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const pids = () => {
      throw new Error('nobody needs /proc');
    };
    expect(await usageOf({ groups: ['', folder], pids })).toEqual(wanted);
    rmSync(folder, { recursive: true });
  },
);

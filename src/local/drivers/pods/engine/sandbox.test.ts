import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeEngine, startFakeEngine } from '../../../../../test/support/fakeEngine.ts';
import { until } from '../../../../../test/support/until.ts';
import { systemClock } from '../../../../shared/clock/systemClock.ts';
import type { Launch, Run, Sandbox } from '../sandbox.ts';
import { findEngine } from './find.ts';
import { openEngineSandbox } from './sandbox.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'web', uid: 'u' };
const run = (number: number): Run => ({ ref, container: 'c', number });
const container = { name: 'c' };
const pod = { metadata: {}, spec: { containers: [container] } };
const launch: Launch = {
  ...{ command: ['run'], env: {}, mounts: [], hostNetwork: false, container, pod },
  image: { id: 'i', engineId: 'sha256:i', command: [], args: [], env: {}, workingDir: '/' },
};

describe('an engine that is not quite there', () => {
  let fake: FakeEngine;
  let folder: string;
  let open: Sandbox[];
  beforeEach(async () => {
    fake = await startFakeEngine();
    folder = mkdtempSync(join(tmpdir(), 'shallop-sandbox-'));
    open = [];
  });
  afterEach(async () => {
    for (const each of open) await each.close();
    await fake.close();
    rmSync(folder, { recursive: true });
  });

  const engine = () => findEngine({ env: { DOCKER_HOST: `unix://${fake.socket}` }, home: '/' });
  async function sandbox(): Promise<Sandbox> {
    const opened = await openEngineSandbox({ engine: await engine(), folder, clock: systemClock });
    open.push(opened);
    return opened;
  }
  const named = (part: string) => [...fake.containers.values()].filter(({ name }) => name.includes(part));

  test('is spoken to in its own version, and tells what it has', async () => {
    expect(await engine()).toMatchObject({ kind: 'docker', processors: 3, memoryBytes: 1024, isHere: false });
  });

  test('what was started is adopted; what was only made never runs', async () => {
    const before = await sandbox();
    await before.start(run(0), launch);
    await before.start(run(1), launch);
    await before.close();
    Object.assign(named('_1_')[0]!.State, { Status: 'created', Running: false });
    const after = await sandbox();
    expect(await after.state(run(0))).toMatchObject({ kind: 'running' });
    expect(await after.state(run(1))).toEqual({ kind: 'absent' });
    expect(named('_1_')).toEqual([]);
    // A Pod's own container is made once.
    expect(named('_POD_')).toHaveLength(1);
    expect(await after.setup(ref, pod)).toEqual({ ip: '172.17.0.9' });
  });

  test('what has a name that a run needs gives way', async () => {
    const { start, state } = await sandbox();
    await start(run(0), launch);
    fake.end(named('_c_')[0]!.Id, 0, false);
    await start(run(0), launch);
    expect(await state(run(0))).toMatchObject({ kind: 'running' });
    expect(named('_c_')).toHaveLength(1);
  });

  test('what is to be among the processes of another run is started while that one runs, only', async () => {
    const { start } = await sandbox();
    const joining = { ...launch, target: run(0) };
    const isRefused = (state: string) =>
      expect(start(run(1), joining)).rejects.toMatchObject({
        reason: 'CreateContainerError',
        message: `invalid target container: container "u/c/0" is not running - in state CONTAINER_${state}`,
      });
    await isRefused('CREATED');
    await start(run(0), launch);
    await start(run(1), joining);
    fake.end(named('_c_')[0]!.Id, 0, false);
    await isRefused('EXITED');
  });

  test('an end that no event tells is found once events are heard again', async () => {
    const { start, onEnd, state } = await sandbox();
    const ended: Run[] = [];
    onEnd((each) => ended.push(each));
    await start(run(0), launch);
    fake.end(named('_c_')[0]!.Id, 3, false);
    fake.cutEvents();
    await until('it is told', () => ended.length > 0);
    expect(await state(run(0))).toMatchObject({ kind: 'ended', exitCode: 3 });
    await start(run(1), launch);
    fake.end(named('_1_')[0]!.Id, 4, true);
    await until('the next is told, too', () => ended.some(({ number }) => number === 1));
  });

  test('teardown takes what has joined a Pod before its own container, and nothing of others', async () => {
    const { start, teardown } = await sandbox();
    await start(run(0), launch);
    const other = { ...ref, uid: 'other' };
    await start({ ...run(0), ref: other }, launch);
    fake.asked.length = 0;
    const [own, joined] = ['_POD_web_ns_u_', '_c_web_ns_u_'].map((part) => named(part)[0]!.Id);
    await teardown(ref);
    const removals = fake.asked.filter((each) => each.startsWith('DELETE'));
    expect(removals).toEqual([`DELETE /containers/${joined}`, `DELETE /containers/${own}`]);
    expect(named('_other_')).toHaveLength(2);
  });

  test('a sweep removes what no Pod owns', async () => {
    const { start, sweep } = await sandbox();
    await start(run(0), launch);
    await start({ ...run(0), ref: { ...ref, uid: 'stray' } }, launch);
    await sweep!(new Set(['u']));
    expect(named('_stray_')).toEqual([]);
    expect(named('_u_')).toHaveLength(2);
  });

  test('a pull that fails says so in what it streams', async () => {
    const { pull, image } = await sandbox();
    const denied = 'pull access denied for absent';
    fake.pull = [{ status: 'Pulling' }, { errorDetail: { message: denied }, error: denied }];
    const { signal } = new AbortController();
    await expect(pull!('absent', [], signal)).rejects.toThrow(`Error response from daemon: ${denied}`);
    await expect(image('absent')).rejects.toThrow('image "absent" is not present');
    fake.pull = [{ status: 'Status: Downloaded newer image' }];
    expect((await pull!('there:v1', [], signal)).image).toMatchObject({ id: 'sha256:i', loaded: true });
  });
});

import { describe, expect, test } from '@jest/globals';
import { awsError } from '../../../../test/support/aws/fakeEcsChecks.ts';
import { fakeEcsWorld, type WorldOptions } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { PodObservation } from '../../../shared/ports/cloud.ts';

const main = (seen: PodObservation) => seen.containerStatuses[0]!;
const isReady = (seen: PodObservation) => seen.containerStatuses.every(({ ready }) => ready);
const world = (options?: WorldOptions) => fakeEcsWorld(options);

test('D2: an image for another processor says in the Pod and in an Event what to do', async () => {
  const { ecs, run, until, events } = world();
  ecs.setProcessor('app', 'ARM64');
  const cure = /set the node selector kubernetes\.io\/arch: arm64/;
  const first = await until(await run('app'), (s) => main(s).state?.waiting?.reason === 'ErrImagePull');
  expect(main(first).state?.waiting?.message).toMatch(cure);
  const pulls = events.filter(({ message }) => message.startsWith('Failed to pull image "app"'));
  expect(pulls[0]?.message).toMatch(cure);
  const selected = {
    containers: [{ name: 'c', image: 'app' }],
    nodeSelector: { 'kubernetes.io/arch': 'arm64' },
  };
  await until(await run(selected), isReady);
});

describe('calls', () => {
  test('a start of a known template costs three, the first one two more for its definition', async () => {
    const { ecs, run, clock, runtime } = world();
    const start = async () => {
      ecs.calls.length = 0;
      const ref = await run('app');
      await clock.advance(10);
      // The task's event: running.
      await runtime.ensure(ref, runtime.podOf(ref)!, {} as never);
      expect(isReady(runtime.seen(ref)!)).toBe(true);
      return ecs.counts();
    };
    expect(await start()).toEqual({ ListTasks: 1, RunTask: 2, RegisterTaskDefinition: 1, DescribeTasks: 1 });
    expect(await start()).toEqual({ ListTasks: 1, RunTask: 1, DescribeTasks: 1 });
  });

  test('Pods of one template share a definition, and many at once register it once', async () => {
    const { ecs, run } = world();
    await Promise.all(Array.from({ length: 20 }, () => run('app')));
    expect(ecs.counts().RegisterTaskDefinition).toBe(1);
    expect(ecs.definitions.size).toBe(1);
    await run('other');
    expect(ecs.definitions.size).toBe(2);
  });

  test('registrations keep to the quota: 15 at once, then one a second', async () => {
    const { ecs, run, clock } = world();
    const runs = Array.from({ length: 18 }, (_, i) => run(`app-${i}`));
    await clock.advance(0);
    expect(ecs.definitions.size).toBe(15);
    await clock.advance(1000);
    expect(ecs.definitions.size).toBe(16);
    await clock.advance(2000);
    await Promise.all(runs);
    expect(ecs.definitions.size).toBe(18);
  });

  test('what would wait too long for its registration is told so and comes back', async () => {
    const { ecs, run, clock, runtime } = world();
    const runs = Array.from({ length: 40 }, (_, i) => run(`app-${i}`));
    for (let i = 0; i < 12; i++) await clock.advance(1000);
    const refs = await Promise.all(runs);
    expect(ecs.definitions.size).toBe(25);
    expect(runtime.seen(refs[39]!)?.held).toMatchObject({ reason: 'Throttled' });
    expect(runtime.seen(refs[39]!)?.lookAgainMs).toBe(5000);
  });

  test('a definition that others are registering is waited for, not registered again', async () => {
    const { ecs, run, runtime, until } = world();
    await run('app');
    const [[family, definition] = ['', undefined]] = ecs.definitions;
    const others = () => ecs.definitions.set(family, definition!);
    const concurrent = awsError(
      'ClientException',
      'Too many concurrent attempts to create a new revision of the specified family.',
    );
    ecs.definitions.clear();
    ecs.failNext('RegisterTaskDefinition', concurrent);
    const ref = await run('app');
    expect(runtime.seen(ref)?.held?.message).toContain('TaskDefinition not found');
    expect(runtime.seen(ref)?.lookAgainMs).toBe(5_000);
    others();
    await until(ref, isReady);
    expect(ecs.counts().RegisterTaskDefinition).toBe(2);
  });

  test('throttled calls are tried again', async () => {
    const { ecs, run, until, clock } = world();
    ecs.failNext('ListTasks', awsError('ThrottlingException', 'Rate exceeded'), 2);
    ecs.failNext('RunTask', awsError('ServerException', 'try later'), 2);
    const begun = run('app');
    for (let i = 0; i < 10; i++) await clock.advance(1000);
    await until(await begun, isReady);
    expect(ecs.tasks()).toHaveLength(1);
  });
});

describe('one task for a Pod', () => {
  test('a driver that died after RunTask, before the status was written, is adopted', async () => {
    const { ecs, run, runtime, sources, until } = world({ forgetful: true, idempotent: false });
    const ref = await run('app');
    // The status was lost: the Pod looks as it did before.
    const { status: _, ...fresh } = runtime.podOf(ref)!;
    await runtime.remove(ref);
    await runtime.ensure(ref, fresh, sources);
    await until(ref, isReady);
    expect(ecs.tasks()).toHaveLength(1);
  });

  test('changed parameters of an attempt that has its task already do not make a second one', async () => {
    const { ecs, run, runtime, sources, configMaps, clock, until } = world({ forgetful: true });
    configMaps.cm = { metadata: { name: 'cm' }, data: { key: '1' } };
    const env = [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'cm', key: 'key' } } }];
    const ref = await run({ containers: [{ name: 'c', image: 'app', env }] });
    const { status: _, ...fresh } = runtime.podOf(ref)!;
    configMaps.cm = { metadata: { name: 'cm' }, data: { key: '2' } };
    // ECS lists a task only after a while.
    const send = ecs.send.bind(ecs);
    ecs.send = async (command) =>
      command.constructor.name === 'ListTasksCommand' ? ({ taskArns: [] } as never) : send(command);
    await runtime.remove(ref);
    await runtime.ensure(ref, fresh, sources);
    await clock.advance(10);
    await until(ref, isReady);
    expect(ecs.tasks()).toHaveLength(1);
  });

  test('of two that an endpoint without client tokens has made, one stays', async () => {
    const { ecs, run, until, runtime, step } = world({ idempotent: false });
    const ref = await run('app');
    const [run1] = ecs.calls.filter(({ name }) => name === 'RunTask').slice(-1);
    await ecs.send({ constructor: { name: 'RunTaskCommand' }, input: run1!.input });
    const { status: _, ...fresh } = runtime.podOf(ref)!;
    await runtime.remove(ref);
    await runtime.ensure(ref, fresh, {} as never);
    await step();
    await until(ref, isReady);
    expect(ecs.tasks().filter(({ desiredStatus }) => desiredStatus === 'RUNNING')).toHaveLength(1);
  });

  test('a double that the status does not know goes with the next sweep', async () => {
    const { ecs, run, until, runtime } = world({ idempotent: false });
    const ref = await run('app');
    await until(ref, isReady);
    const { input } = ecs.calls.find(({ name }) => name === 'RunTask')!;
    await ecs.send({
      constructor: { name: 'RunTaskCommand' },
      input: ecs.calls.filter(({ name }) => name === 'RunTask').at(-1)?.input ?? input,
    });
    expect(await runtime.list()).toEqual([ref]);
    expect(ecs.tasks().map(({ desiredStatus }) => desiredStatus)).toEqual(['RUNNING', 'STOPPED']);
    expect(main(await until(ref, isReady)).restartCount).toBe(0);
  });

  test('an attempt that has ended unseen is adopted, and the next one follows at once', async () => {
    const { ecs, run, runtime, sources, until, clock } = world({ forgetful: true });
    ecs.setImage('app', { exits: { code: 1, afterMs: 10 } });
    const ref = await run('app');
    const { status: _, ...fresh } = runtime.podOf(ref)!;
    await clock.advance(50);
    expect(ecs.tasks()[0]?.lastStatus).toBe('STOPPED');
    await runtime.remove(ref);
    ecs.setImage('app', {});
    await runtime.ensure(ref, fresh, sources);
    const seen = await until(ref, (p) => isReady(p) && main(p).restartCount === 1);
    expect(main(seen).lastState?.terminated?.exitCode).toBe(1);
  });

  test('one that ECS has forgotten is lost, and started again', async () => {
    const { ecs, run, until, task } = world();
    const ref = await run('app');
    await until(ref, isReady);
    const gone = task();
    const send = ecs.send.bind(ecs);
    ecs.stopTask(gone, 'UserInitiated', 'gone');
    ecs.send = async (command) => {
      const answer = (await send(command)) as { tasks?: { taskArn?: string }[] };
      if (answer.tasks) answer.tasks = answer.tasks.filter(({ taskArn }) => taskArn !== gone);
      return answer as never;
    };
    const seen = await until(ref, (p) => main(p).restartCount === 1);
    expect(main(seen).lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'ContainerStatusUnknown',
    });
  });
});

describe('ends', () => {
  test('a task stopped behind our back is replaced, with another address', async () => {
    const { ecs, run, until, task } = world();
    const ref = await run('app');
    const first = await until(ref, isReady);
    ecs.stopTask(task(), 'UserInitiated', 'by hand');
    const seen = await until(ref, (p) => main(p).restartCount === 1 && isReady(p));
    expect(seen.podIP).not.toBe(first.podIP);
    expect(main(seen).lastState?.terminated?.containerID).toBe(main(first).containerID);
  });

  test('too much memory is OOMKilled', async () => {
    const { ecs, run, until } = world();
    ecs.setImage('app', { exits: { code: 137, reason: 'OOMKilled' } });
    const ref = await run({ containers: [{ name: 'c', image: 'app' }], restartPolicy: 'Never' });
    const seen = await until(ref, (p) => main(p).state?.terminated);
    expect(main(seen).state?.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
  });

  test.each([
    { code: 'SpotInterruption', text: 'Your Spot Task was interrupted.', reason: 'Evicted' },
    { code: 'TerminationNotice', text: 'ECS is performing maintenance', reason: 'Terminated' },
  ] as const)('$code fails the Pod as $reason, for its owner to replace', async ({ code, text, reason }) => {
    const { ecs, run, until, task, runtime, events, step } = world();
    const ref = await run('app');
    await until(ref, isReady);
    ecs.stopTask(task(), code, text);
    const seen = await until(ref, ({ stopped }) => stopped);
    expect(seen).toMatchObject({ reason, message: expect.stringContaining(text) });
    expect(runtime.podOf(ref)?.status).toMatchObject({ phase: 'Failed', reason });
    expect(events.map((event) => event.reason)).toContain(reason);
    await step();
    expect(ecs.tasks()).toHaveLength(1);
  });

  test('what waits for an init container that failed has not run, whatever the agent says', async () => {
    const { ecs, run, until } = world();
    ecs.setImage('init', { exits: { code: 2 } });
    const initContainers = [{ name: 'i', image: 'init', resources: { requests: { cpu: '2' } } }];
    const containers = [{ name: 'c', image: 'app', resources: { requests: { cpu: '250m' } } }];
    const ref = await run({ initContainers, containers, restartPolicy: 'Never' });
    const seen = await until(ref, ({ stopped }) => stopped);
    expect(seen.initContainerStatuses[0]?.state?.terminated?.exitCode).toBe(2);
    expect(main(seen).state?.waiting?.reason).toBe('PodInitializing');
    expect(ecs.tasks()).toHaveLength(1);
  });

  test('a task that has been told to stop is not ready while it still runs', async () => {
    const { ecs, run, until, task, events } = world();
    ecs.setImage('app', { termMs: 10_000 });
    const ref = await run('app');
    await until(ref, isReady);
    ecs.stopTask(task(), 'SpotInterruption', 'Your Spot Task was interrupted.');
    const seen = await until(ref, (p) => !isReady(p));
    expect(seen.stopped).toBe(false);
    expect(main(seen).state?.running).toBeDefined();
    // It has no probe that could have failed.
    expect(events.map(({ reason }) => reason)).not.toContain('Unhealthy');
    expect(await until(ref, ({ stopped }) => stopped, 1000)).toMatchObject({ reason: 'Evicted' });
  });

  test('back-off starts anew after a long run', async () => {
    const { ecs, run, until } = world({ driver: { backOff: { baseMs: 1000, maxMs: 8000 } } });
    ecs.setImage('app', { exits: { code: 1, afterMs: 10 } });
    const ref = await run('app');
    await until(ref, (p) => main(p).state?.waiting?.message?.startsWith('back-off 4s'));
    ecs.setImage('app', { exits: { code: 1, afterMs: 20_000 } });
    const before = main(await until(ref, (p) => main(p).state?.running)).restartCount;
    // At once, then the first delay again.
    await until(ref, (p) => main(p).restartCount === before + 1, 1000);
    ecs.setImage('app', { exits: { code: 1, afterMs: 10 } });
    const seen = await until(ref, (p) => main(p).state?.waiting?.reason === 'CrashLoopBackOff', 1000);
    expect(main(seen).state?.waiting?.message).toMatch(/^back-off 1s /);
  });

  test('of several that may end for good each ends by itself, and the task with the last', async () => {
    const { ecs, run, until, runtime } = world();
    ecs.setImage('short', { exits: { code: 0, afterMs: 200 } });
    ecs.setImage('long', { exits: { code: 4, afterMs: 2000 } });
    const containers = [
      { name: 'a', image: 'short' },
      { name: 'b', image: 'long' },
    ];
    const ref = await run({ containers, restartPolicy: 'Never' });
    const half = await until(ref, (p) => main(p).state?.terminated);
    expect(half.containerStatuses[1]?.state?.running).toBeDefined();
    const seen = await until(ref, ({ stopped }) => stopped);
    expect(seen.containerStatuses.map(({ state }) => state?.terminated?.exitCode)).toEqual([0, 4]);
    expect(runtime.podOf(ref)?.status?.phase).toBe('Failed');
    expect(ecs.tasks()).toHaveLength(1);
  });

  test('a failed liveness probe ends the task, which is started again', async () => {
    const { ecs, run, until, task, events } = world();
    const livenessProbe = { httpGet: { port: 80, path: '/healthz' } };
    const ref = await run({ containers: [{ name: 'c', image: 'app', livenessProbe }] });
    await until(ref, isReady);
    ecs.setHealth(task(), 'shallop-liveness-c', 'UNHEALTHY');
    await until(ref, (p) => main(p).restartCount === 1 && isReady(p));
    expect(events.map(({ message }) => message)).toContain(
      'Container c failed liveness probe, will be restarted',
    );
  });

  test.each([
    ['OnFailure', undefined, 'Running'],
    ['Never', undefined, 'Succeeded'],
    ['Never', 'OnFailure', 'Running'],
    ['OnFailure', 'Never', 'Succeeded'],
  ] as const)(
    'under %s, and %s of its own, a program that ends with 0 when its probe has given it up is %s',
    async (restartPolicy, own, phase) => {
      const { ecs, run, until, task, runtime } = world();
      ecs.setImage('app', { termMs: 100, onTerm: 0 });
      const phases = new Set<string | undefined>();
      const livenessProbe = { httpGet: { port: 80, path: '/healthz' } };
      const container = { name: 'c', image: 'app', livenessProbe, ...(own && { restartPolicy: own }) };
      const ref = await run({ restartPolicy, containers: [container] });
      await until(ref, isReady);
      ecs.setHealth(task(), 'shallop-liveness-c', 'UNHEALTHY');
      const seen = await until(ref, (p) => {
        phases.add(runtime.podOf(ref)?.status?.phase);
        return p.stopped || (main(p).restartCount === 1 && isReady(p));
      });
      const { state, lastState } = main(seen);
      expect((lastState ?? state)?.terminated?.exitCode).toBe(0);
      expect(runtime.podOf(ref)?.status?.phase).toBe(phase);
      expect([...phases].filter((each) => each !== 'Running' && each !== phase)).toEqual([]);
      expect(ecs.tasks()).toHaveLength(phase === 'Running' ? 2 : 1);
    },
  );

  test('liveness counts only once started, and a start counts for good', async () => {
    const { ecs, run, until, task, step } = world();
    ecs.setImage('busybox', { readyAfterMs: false });
    const [startupProbe, livenessProbe] = [{ tcpSocket: { port: 1 } }, { tcpSocket: { port: 2 } }];
    const ref = await run({ containers: [{ name: 'c', image: 'app', startupProbe, livenessProbe }] });
    const seen = await until(ref, (p) => main(p).state?.running);
    expect(main(seen)).toMatchObject({ started: false, ready: false });
    ecs.setHealth(task(), 'shallop-liveness-c', 'UNHEALTHY');
    await step(5000);
    ecs.setHealth(task(), 'shallop-liveness-c', 'HEALTHY');
    ecs.setHealth(task(), 'shallop-startup-c', 'HEALTHY');
    await until(ref, isReady);
    ecs.setHealth(task(), 'shallop-startup-c', 'UNHEALTHY');
    await step(5000);
    expect(main(await until(ref, isReady)).restartCount).toBe(0);
    ecs.setHealth(task(), 'shallop-liveness-c', 'UNHEALTHY');
    await until(ref, (p) => main(p).restartCount === 1);
  });

  test('readiness is its probe’s; it is asked for until it is there, then the survey asks', async () => {
    const { ecs, run, until, task, events } = world();
    ecs.setImage('busybox', { readyAfterMs: 3000 });
    const readinessProbe = { tcpSocket: { port: 80 } };
    const ref = await run({ containers: [{ name: 'c', image: 'app', readinessProbe }] });
    const early = await until(ref, (p) => main(p).state?.running);
    expect(main(early)).toMatchObject({ ready: false, started: true });
    expect(early.lookAgainMs).toBe(5000);
    expect(await until(ref, isReady)).not.toHaveProperty('lookAgainMs');
    ecs.setHealth(task(), 'shallop-readiness-c', 'UNHEALTHY');
    const seen = await until(ref, (p) => !isReady(p));
    expect(main(seen)).toMatchObject({ restartCount: 0, ready: false });
    expect(events.map(({ reason }) => reason)).toContain('Unhealthy');
  });

  test.each(['Always', 'Never'] as const)(
    'D11: whose volumes cannot be filled it waits and says so, and starts once they can: restartPolicy %s',
    async (restartPolicy) => {
      const { ecs, run, until } = world();
      ecs.fillingFails = 1;
      const volumes = [{ name: 'scratch', emptyDir: {} }];
      const ref = await run({ containers: [{ name: 'c', image: 'app' }], volumes, restartPolicy });
      const seen = await until(ref, (p) => main(p).state?.waiting?.message);
      expect(main(seen).state?.waiting).toEqual({
        reason: 'CreateContainerConfigError',
        message: 'MountVolume.SetUp failed : container shallop-projector ended with exit code 1',
      });
      expect(main(await until(ref, isReady)).restartCount).toBe(0);
    },
  );

  test('a task without an address yet runs, and is looked at again soon', async () => {
    const { run, until } = world({ addresses: false });
    const seen = await until(await run('app'), isReady);
    expect(seen).not.toHaveProperty('podIP');
    expect(seen.lookAgainMs).toBe(2000);
  });
});

test('a task on its way is looked at again: what ECS shows may be behind what it has told', async () => {
  const { ecs, run, runtime, until } = world();
  ecs.setImage('slow', { onTerm: 0, termMs: 5_000 });
  const ref = await run('slow');
  expect(runtime.seen(ref)?.lookAgainMs).toBeUndefined();
  // An event came, though there is nothing new to be seen.
  await runtime.round();
  expect(runtime.seen(ref)?.lookAgainMs).toBe(30_000);
  expect(await until(ref, isReady)).not.toHaveProperty('lookAgainMs');
  await runtime.stop(ref, 30);
  expect(await runtime.observe(ref)).toMatchObject({ stopped: false, lookAgainMs: 30_000 });
  expect(await until(ref, ({ stopped }) => stopped)).not.toHaveProperty('lookAgainMs');
});

describe('what ECS takes otherwise than Kubernetes', () => {
  test('containers that name the same port, and requests that are their limits', async () => {
    const { run, until } = world();
    const ports = [{ containerPort: 80 }];
    const resources = { requests: { memory: '64Mi' }, limits: { memory: '64Mi' } };
    const containers = ['a', 'b'].map((name) => ({ name, image: 'app', ports, resources }));
    const seen = await until(await run({ containers }), isReady);
    expect(seen.held).toBeUndefined();
  });
});

describe('what ECS refuses', () => {
  const vcpus = "You've reached the limit on the number of vCPUs you can run concurrently";

  test.each([
    { error: awsError('ClientException', vcpus), reason: 'QuotaExceeded', retryMs: 30_000 },
    { error: awsError('ThrottlingException', vcpus), reason: 'QuotaExceeded', retryMs: 30_000, times: 6 },
    {
      error: awsError('ThrottlingException', 'Rate exceeded'),
      reason: 'Throttled',
      retryMs: 5_000,
      times: 6,
    },
    {
      error: awsError(
        'InvalidParameterException',
        'Error retrieving security group information for [sg-1]: Request limit exceeded. (ErrorCode: RequestLimitExceeded)',
      ),
      reason: 'Throttled',
      retryMs: 5_000,
    },
    {
      error: awsError('AccessDeniedException', 'User is not authorized to perform: ecs:RunTask'),
      reason: 'NotAuthorized',
      retryMs: 60_000,
    },
    {
      error: awsError('ClusterNotFoundException', 'Cluster not found.'),
      reason: 'TaskRefused',
      retryMs: 30_000,
    },
  ])('$error.message holds the Pod as $reason', async ({ error, reason, retryMs, times = 1 }) => {
    const { ecs, run, runtime, events, clock, until, step } = world();
    await until(await run('app'), isReady);
    ecs.failNext('RunTask', error, times);
    const begun = run('app');
    for (let i = 0; i < 30; i++) await clock.advance(1000);
    const ref = await begun;
    const pod = runtime.podOf(ref)!;
    expect(pod.status?.phase).toBe('Pending');
    expect(pod.status?.conditions).toContainEqual(
      expect.objectContaining({
        type: 'PodReadyToStartContainers',
        status: 'False',
        reason,
        message: expect.stringContaining(error.message),
      }),
    );
    const told = events.filter((event) => event.reason === 'FailedCreatePodSandBox');
    expect(told).toHaveLength(1);
    ecs.failNext('RunTask', error, times);
    const again = step(retryMs);
    for (let i = 0; i < 30; i++) await clock.advance(1000);
    await again;
    expect(events.filter((event) => event.reason === 'FailedCreatePodSandBox')).toHaveLength(1);
    await until(ref, isReady);
    expect(runtime.podOf(ref)?.status?.conditions?.[0]).not.toHaveProperty('reason');
  });

  test('capacity that is not there, in the answer or later, is waited for', async () => {
    const { ecs, run, until, task } = world();
    ecs.refuseNext('Capacity is unavailable at this time. Please try again later');
    const ref = await run('app');
    const seen = await until(ref, isReady);
    expect(seen.held).toBeUndefined();
    const text = 'Capacity is unavailable at this time.';
    const second = await run({ containers: [{ name: 'd', image: 'app' }] });
    ecs.stopTask(ecs.tasks().at(-1)?.taskArn ?? '', 'TaskFailedToStart', text);
    expect((await until(second, ({ held }) => held)).held).toEqual({
      reason: 'CapacityUnavailable',
      message: text,
    });
    await until(second, isReady, 1000);
    expect(task()).not.toBe('');
  });

  test('a Pod that waits long is looked at less and less', async () => {
    const { ecs, run, runtime, clock, step } = world();
    const creationTimestamp = new Date(clock.now()).toISOString();
    const env = [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'gone', key: 'k' } } }];
    const ref = await run({ containers: [{ name: 'c', image: 'app', env }] }, { creationTimestamp });
    expect(runtime.seen(ref)?.lookAgainMs).toBe(5_000);
    await step(600_000);
    expect(runtime.seen(ref)?.lookAgainMs).toBe(60_000);
    await step(36_000_000);
    expect(runtime.seen(ref)?.lookAgainMs).toBe(300_000);
    expect(ecs.counts().RunTask).toBeUndefined();
  });

  test('a failure that is not known holds it too', async () => {
    const { ecs, run, runtime } = world();
    ecs.refuseNext('AGENT');
    const ref = await run('app');
    expect(runtime.seen(ref)?.held).toEqual({ reason: 'TaskRefused', message: 'RunTask: AGENT' });
  });

  test('what can never run waits, in the words that EKS uses, and asks nothing of AWS', async () => {
    const { ecs, run, until } = world();
    const ref = await run({ hostNetwork: true, containers: [{ name: 'c', image: 'app' }] });
    const seen = await until(ref, () => true);
    expect(main(seen).state?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'Pod not supported on Fargate: fields not supported: hostNetwork',
    });
    expect(ecs.counts().RunTask).toBeUndefined();
    await ecs.tasks();
  });
});

test('a Secret is waited for until it has been copied, then handed over by reference', async () => {
  const copied = new Set<string>();
  const find = async ({ name }: { name: string }) =>
    copied.has(name) ? { arn: `arn:aws:secretsmanager:us-east-1:0:secret:${name}` } : undefined;
  const { ecs, run, until, secrets, events, step, runtime } = world({ driver: { secrets: { find } } });
  const env = [{ name: 'PASS', valueFrom: { secretKeyRef: { name: 's', key: 'p' } } }];
  const ref = await run({ containers: [{ name: 'c', image: 'app', env }] });
  const wait = (message: string) => (p: PodObservation) => main(p).state?.waiting?.message === message;
  await until(ref, wait('secret "s" not found'));
  secrets.s = { metadata: { name: 's', uid: 'u' }, data: { p: 'aGk=' } };
  await step();
  expect(runtime.seen(ref)?.lookAgainMs).toBe(5000);
  await until(ref, wait('secret "s" has not been copied to Secrets Manager yet'));
  expect(events.at(-1)).toMatchObject({ type: 'Warning', reason: 'Failed' });
  copied.add('s');
  await until(ref, isReady);
  const [definition] = ecs.definitions.values();
  expect(definition?.containerDefinitions?.[0]?.secrets).toEqual([
    { name: 'PASS', valueFrom: 'arn:aws:secretsmanager:us-east-1:0:secret:s:p::' },
  ]);
  expect(JSON.stringify(ecs.calls)).not.toContain('"hi"');
});

test('only Pods of this deployment are listed, those being stopped are not', async () => {
  const { ecs, run, until, runtime } = world();
  const [one, two] = [await run('app'), await run('app')];
  await until(two, isReady);
  const stranger = structuredClone(ecs.calls.find(({ name }) => name === 'RunTask')!.input);
  Object.assign(stranger, { overrides: {}, tags: [], clientToken: 'x', startedBy: 'somebody' });
  await ecs.send({ constructor: { name: 'RunTaskCommand' }, input: stranger });
  expect(await runtime.list()).toEqual([one, two]);
  await runtime.stop(one, 30);
  expect(await runtime.list()).toEqual([two]);
});

describe('hooks', () => {
  const drained = (more: object = {}) => ({
    terminationGracePeriodSeconds: 10,
    containers: [
      { name: 'c', image: 'app', lifecycle: { preStop: { httpGet: { port: 80, path: '/drain' } } }, ...more },
    ],
  });

  test('a container is told to stop when its preStop hook has been done', async () => {
    const { ecs, run, until, step, runtime, events } = world();
    ecs.setImage('busybox', { termMs: 3000 });
    const ref = await run(drained());
    await until(ref, isReady);
    await runtime.stop(ref, 10);
    await step(2000);
    const stateOf = (name: string) =>
      ecs.tasks()[0]?.containers?.find((each) => each.name === name)?.lastStatus;
    expect(['shallop-prestop', 'c'].map(stateOf)).toEqual(['RUNNING', 'RUNNING']);
    const seen = await until(ref, ({ stopped }) => stopped);
    expect(main(seen).state?.terminated).toMatchObject({ exitCode: 0 });
    expect(events.filter(({ reason }) => reason.startsWith('Unsupported'))).toEqual([]);
  });

  test('a port that the container does not name is said, of hooks and of probes', async () => {
    const { run, until, events } = world();
    const httpGet = { port: 'admin', path: '/' };
    const ref = await run(drained({ lifecycle: { preStop: { httpGet } }, livenessProbe: { httpGet } }));
    await until(ref, isReady);
    expect(
      events.filter(({ reason }) => reason.startsWith('Unsupported')).map(({ message }) => message),
    ).toEqual([
      "The preStop hook of container c does not run on Fargate: its port admin is none of the container's ports",
      "The liveness probe of container c is not asked on Fargate: its port is none of the container's ports",
    ]);
  });

  test('what cannot be run is said once, with the way out', async () => {
    const { run, until, events } = world();
    const exec = { exec: { command: ['true'] } };
    const ref = await run(
      drained({
        lifecycle: { postStart: exec, preStop: exec },
        readinessProbe: exec,
        livenessProbe: { exec: { command: ['false'] } },
      }),
    );
    await until(ref, ({ containerStatuses: [c] }) => c?.state?.running);
    const said = events.filter(({ reason }) => reason.startsWith('Unsupported'));
    expect(said).toEqual([
      expect.objectContaining({
        reason: 'UnsupportedLifecycleHook',
        fieldPath: 'spec.containers{c}',
        message:
          'The postStart hook of container c does not run on Fargate: only its image names its program, and nothing can be put before that: name it in the command of the container',
      }),
      expect.objectContaining({ message: expect.stringContaining('The preStop hook of container c') }),
      expect.objectContaining({
        reason: 'UnsupportedProbe',
        message: expect.stringContaining('The liveness probe of container c is not asked on Fargate'),
      }),
    ]);
  });
});

describe('the message of an end', () => {
  const failing = (terminationMessagePolicy: 'File' | 'FallbackToLogsOnError', code = 3) => {
    const it = world();
    it.ecs.setImage('app', { prints: ['first', 'no such table: users'], exits: { code } });
    const containers = [{ name: 'c', image: 'app', terminationMessagePolicy }];
    return { ...it, start: () => it.run({ containers, restartPolicy: 'Never' }) };
  };
  const reads = ({ ecs }: ReturnType<typeof world>) =>
    ecs.calls.filter(({ name }) => name === 'GetLogEvents').length;

  test('is the end of the log where the container asks for it, read once', async () => {
    const it = failing('FallbackToLogsOnError');
    const ref = await it.start();
    const seen = await it.until(ref, (p) => main(p).state?.terminated);
    expect(main(seen).state?.terminated).toMatchObject({
      exitCode: 3,
      message: 'first\nno such table: users\n',
    });
    const before = reads(it);
    for (let i = 0; i < 5; i++) await it.runtime.observe(ref);
    expect(reads(it)).toBe(before);
  });

  test.each([
    ['that asks for a file, which nobody can read', 'File', 3],
    ['that did its work', 'FallbackToLogsOnError', 0],
  ] as const)('is nothing for one %s', async (_, policy, code) => {
    const it = failing(policy, code);
    const seen = await it.until(await it.start(), (p) => main(p).state?.terminated);
    expect(main(seen).state?.terminated).not.toHaveProperty('message');
  });
});

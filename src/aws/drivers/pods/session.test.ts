import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { openSender } from '../sender.ts';
import { openSession } from './session.ts';

const pod = (state: object, containerID = 'ecs://t1/c'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  status: {
    containerStatuses: [
      { name: 'c', image: 'i', imageID: '', ready: true, restartCount: 0, containerID, state },
    ],
  },
});
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };

function setUp(answer: () => unknown) {
  const asked: unknown[] = [];
  const ecs = {
    send: async ({ input }: { input: unknown }) => {
      asked.push(input);
      return answer();
    },
  } as never;
  const send = openSender({ clock: new ManualClock(), ids: seededIds(1) });
  return {
    asked,
    open: (of: Pod, container = 'c') => openSession({ ecs, cluster: 'e', send }, of, container, 'ls'),
  };
}

test('ECS runs the command in the task of the running container', async () => {
  const session = { sessionId: 's', streamUrl: 'wss://x', tokenValue: 't' };
  const { asked, open } = setUp(() => ({ session }));
  expect(await open(pod(running))).toEqual({ streamUrl: 'wss://x', tokenValue: 't' });
  expect(asked).toEqual([{ cluster: 'e', task: 't1', container: 'c', command: 'ls', interactive: true }]);
});

test.each([
  { why: 'it ended', of: pod({ terminated: { exitCode: 0 } }), container: 'c' },
  { why: 'it waits', of: pod({ waiting: { reason: 'CrashLoopBackOff' } }), container: 'c' },
  { why: 'it has no task', of: pod(running, ''), container: 'c' },
  { why: 'there is no such container', of: pod(running), container: 'd' },
])('no session when $why', async ({ of, container }) => {
  const { asked, open } = setUp(() => ({}));
  await expect(open(of, container)).rejects.toMatchObject({
    reason: 'BadRequest',
    message: `container ${container} in pod p is not running`,
  });
  expect(asked).toEqual([]);
});

test.each([
  {
    name: 'TargetNotConnectedException',
    reason: 'ServiceUnavailable',
    adds: / \(the agent .* ssmmessages, /,
  },
  { name: 'InvalidParameterException', reason: 'BadRequest', adds: /$/ },
])('what ECS has to say is told, $name as $reason', async ({ name, reason, adds }) => {
  const { open } = setUp(() => {
    throw Object.assign(new Error('The execute command failed'), { name });
  });
  const message = expect.stringMatching(
    new RegExp(`^ExecuteCommand: ${name}: The execute command failed${adds.source}`),
  );
  await expect(open(pod(running))).rejects.toMatchObject({ reason, message });
});

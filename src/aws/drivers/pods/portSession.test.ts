import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../shared/clock/manualClock.ts';
import { seededIds } from '../../../shared/clock/seededIds.ts';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { openSender } from '../sender.ts';
import { openPortSession } from './portSession.ts';

const status = (name: string, state: object, containerID: string) => ({
  ...{ name, image: 'i', imageID: '', ready: true, restartCount: 0 },
  ...{ containerID, state },
});
const running = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const pod = (...containerStatuses: ReturnType<typeof status>[]): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  status: { containerStatuses },
});
const ended = status('a', { terminated: { exitCode: 0 } }, 'ecs://t0/a');

function setUp(containers: object[]) {
  const asked: unknown[] = [];
  const client = (answer: object) =>
    ({
      send: async ({ input }: { input: unknown }) => {
        asked.push(input);
        return answer;
      },
    }) as never;
  const options = {
    ecs: client({ tasks: [{ taskArn: 'arn:aws:ecs:r:1:task/e/t1', containers }] }),
    ssm: client({ SessionId: 's', StreamUrl: 'wss://x', TokenValue: 't' }),
    cluster: 'arn:aws:ecs:r:1:cluster/e',
    send: openSender({ clock: new ManualClock(), ids: seededIds(1) }),
  };
  return { asked, open: (of: Pod) => openPortSession(options, of, 80) };
}

test('the agent of a running container forwards the port', async () => {
  const { asked, open } = setUp([
    { name: 'a', runtimeId: 't1-1' },
    { name: 'b', runtimeId: 't1-2' },
  ]);
  const session = await open(pod(ended, status('b', running, 'ecs://t1/b')));
  expect(session).toEqual({ streamUrl: 'wss://x', tokenValue: 't' });
  expect(asked[1]).toEqual({
    Target: 'ecs:e_t1_t1-2',
    DocumentName: 'AWS-StartPortForwardingSession',
    Parameters: { portNumber: ['80'] },
  });
});

test.each([
  { why: 'nothing runs', of: pod(ended) },
  { why: 'ECS knows of no such container', of: pod(status('b', running, 'ecs://t1/b')) },
])('no session when $why', async ({ of }) => {
  const { open } = setUp([{ name: 'a', runtimeId: 't1-1' }]);
  await expect(open(of)).rejects.toMatchObject({
    reason: 'BadRequest',
    message: 'pod p has no container that runs',
  });
});

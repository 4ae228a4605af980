import { expect, test } from '@jest/globals';
import type { Pod } from '../api/types.ts';
import { shortImage, stateOf } from './pod.ts';

const pod = (status: object, metadata = {}): Pod =>
  ({ metadata: { name: 'a', ...metadata }, spec: { containers: [{ name: 'c' }] }, status }) as Pod;
const container = (state: object, more = {}) => [
  { name: 'c', ready: false, restartCount: 0, image: '', imageID: '', state, ...more },
];
const ready = [{ type: 'Ready', status: 'True' }];
const running = container({ running: {} }, { ready: true });

test.each([
  ['a Pod that waits for a node', pod({ phase: 'Pending' }), 'Pending', 'busy'],
  ['nothing known', pod({}), 'Pending', 'busy'],
  [
    'containers that are made',
    pod({ phase: 'Pending', containerStatuses: container({ waiting: { reason: 'ContainerCreating' } }) }),
    'ContainerCreating',
    'busy',
  ],
  ['all well', pod({ phase: 'Running', conditions: ready, containerStatuses: running }), 'Running', 'good'],
  [
    'running, not ready',
    pod({ phase: 'Running', containerStatuses: container({ running: {} }) }),
    'Running',
    'busy',
  ],
  [
    'a crash',
    pod({ phase: 'Running', containerStatuses: container({ waiting: { reason: 'CrashLoopBackOff' } }) }),
    'CrashLoopBackOff',
    'bad',
  ],
  [
    'an exit code',
    pod({ phase: 'Running', containerStatuses: container({ terminated: { exitCode: 3 } }) }),
    'ExitCode:3',
    'bad',
  ],
  [
    'an image that is nowhere',
    pod({ phase: 'Pending', containerStatuses: container({ waiting: { reason: 'ImagePullBackOff' } }) }),
    'ImagePullBackOff',
    'bad',
  ],
  [
    'too much memory',
    pod({
      phase: 'Failed',
      containerStatuses: container({ terminated: { reason: 'OOMKilled', exitCode: 137 } }),
    }),
    'OOMKilled',
    'bad',
  ],
  ['an eviction', pod({ phase: 'Failed', reason: 'Evicted' }), 'Evicted', 'bad'],
  [
    'done',
    pod({
      phase: 'Succeeded',
      containerStatuses: container({ terminated: { reason: 'Completed', exitCode: 0 } }),
    }),
    'Completed',
    'quiet',
  ],
  [
    'on its way out',
    pod({ phase: 'Running', conditions: ready, containerStatuses: running }, { deletionTimestamp: 'x' }),
    'Terminating',
    'quiet',
  ],
])('%s is said as kubectl says it', (_name, given, word, tone) =>
  expect(stateOf(given)).toMatchObject({ word, tone }),
);

test('restarts count, and containers that are ready', () => {
  const [first] = container({ running: {} }, { ready: true, restartCount: 2 });
  const [done] = container({ terminated: { exitCode: 0 } }, { restartCount: 5 });
  const given = pod({ phase: 'Running', containerStatuses: [first], initContainerStatuses: [done] });
  expect(stateOf(given)).toMatchObject({ restarts: 2, ready: '1/1', isReady: false });
});

test.each([
  ['web', 'web'],
  ['web:v2', 'web:v2'],
  ['registry.example:5000/team/web:v2', 'web:v2'],
  ['registry.example/team/web:v2@sha256:0123456789abcdef', 'web:v2'],
  ['team/web@sha256:0123456789abcdef', 'web@sha256:0123456…'],
  ['', ''],
])('the image %j is shown as %j', (image, short) => expect(shortImage(image)).toBe(short));

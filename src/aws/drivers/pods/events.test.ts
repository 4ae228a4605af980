import { expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { ContainerStatus } from '../../../shared/kinds/schema/types.ts';
import { eventsOf, probeEvents } from './events.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
const running = (name: string): ContainerStatus => ({
  name,
  image: 'app',
  imageID: '',
  ready: true,
  restartCount: 0,
  containerID: `ecs://1/${name}`,
  state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
});
const spec = {
  initContainers: [{ name: 'side', image: 'app', restartPolicy: 'Always' as const }],
  containers: [{ name: 'c', image: 'app' }],
};
const seen = {
  initContainerStatuses: [running('side')],
  containerStatuses: [running('c')],
  stopped: false,
};
const status = { initContainerStatuses: [running('side')], containerStatuses: [running('c')] };

test('each container that is told to stop is one Event, of its start', () => {
  const pod = { ...podOf(spec, { deletionTimestamp: '2026-01-01T00:01:00Z' }), status };
  expect(eventsOf(ref, pod, seen, true)).toEqual([
    {
      type: 'Normal',
      reason: 'Killing',
      message: 'Stopping container side',
      fieldPath: 'spec.initContainers{side}',
      once: 'ecs://1/side',
    },
    {
      type: 'Normal',
      reason: 'Killing',
      message: 'Stopping container c',
      fieldPath: 'spec.containers{c}',
      once: 'ecs://1/c',
    },
  ]);
});

test.each([
  ['is to go and has not been told yet', { deletionTimestamp: '2026-01-01T00:01:00Z' }, false],
  ['is taken by others', {}, true],
])('of a Pod that %s none is said', (_, metadata, isStopping) => {
  expect(eventsOf(ref, { ...podOf(spec, metadata), status }, seen, isStopping)).toEqual([]);
});

test('a probe that gave a sidecar up is told of it', () => {
  const why = 'Container side failed liveness probe, will be restarted';
  const fieldPath = 'spec.initContainers{side}';
  expect(probeEvents(podOf(spec), { name: 'side', probe: 'liveness' }, why)).toEqual([
    { type: 'Warning', reason: 'Unhealthy', message: 'Liveness probe failed', fieldPath },
    { type: 'Normal', reason: 'Killing', message: why, fieldPath },
  ]);
});

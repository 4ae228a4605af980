import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../../clock/manualClock.ts';
import { qosClassOf } from '../../../../meta/qos.ts';
import type { Pod, ResourceRequirements } from '../../../schema/types.ts';
import { gracePeriod, prepareForCreate } from './strategy.ts';

const all = { cpu: '1', memory: '1Gi' };

test.each<{ why: string; resources: ResourceRequirements[]; qos: string }>([
  { why: 'nothing is said', resources: [{}], qos: 'BestEffort' },
  { why: 'requests are limits', resources: [{ limits: all, requests: all }], qos: 'Guaranteed' },
  {
    why: 'they are written differently',
    resources: [{ limits: all, requests: { cpu: '1000m', memory: '1024Mi' } }],
    qos: 'Guaranteed',
  },
  { why: 'only requests are said', resources: [{ requests: all }], qos: 'Burstable' },
  { why: 'one container says nothing', resources: [{ limits: all, requests: all }, {}], qos: 'Burstable' },
  { why: 'what is said is zero', resources: [{ requests: { cpu: '0' } }], qos: 'BestEffort' },
  {
    why: 'it is about other resources',
    resources: [{ limits: { 'example.com/gpu': '1' } }],
    qos: 'BestEffort',
  },
])('$qos when $why', ({ resources, qos }) => {
  const containers = resources.map((r, i) => ({ name: `c${i}`, resources: r }));
  expect(qosClassOf({ containers })).toBe(qos);
});

const pod = (rest: Partial<Pod['spec']> = {}, phase: 'Running' | 'Failed' = 'Running'): Pod => ({
  metadata: { name: 'p', labels: { app: 'x' } },
  spec: { containers: [{ name: 'c' }], nodeName: 'n', terminationGracePeriodSeconds: 30, ...rest },
  status: { phase },
});

test.each([
  { why: 'as the Pod says', object: pod(), requested: undefined, grace: 30 },
  { why: 'as the request says', object: pod(), requested: 5, grace: 5 },
  { why: 'at once when the request says so', object: pod(), requested: 0, grace: undefined },
  { why: 'a second for negative ones', object: pod(), requested: -1, grace: 1 },
  { why: 'at once without a node', object: pod({ nodeName: '' }), requested: 30, grace: undefined },
  { why: 'at once when it has ended', object: pod({}, 'Failed'), requested: 30, grace: undefined },
])('a Pod stops $why', ({ object, requested, grace }) => expect(gracePeriod(object, requested)).toBe(grace));

test('a new Pod is pending and has its class', () => {
  const object = pod();
  prepareForCreate(object, { clock: new ManualClock() });
  expect(object.status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
});

test('a gated Pod says that it waits', () => {
  const object = pod({ schedulingGates: [{ name: 'example.com/hold' }] });
  prepareForCreate(object, { clock: new ManualClock() });
  expect(object.status?.conditions?.[0]).toMatchObject({ type: 'PodScheduled', reason: 'SchedulingGated' });
});

test('label keys to match become requirements with the values of the Pod', () => {
  const object = pod({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: 'zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: {},
        matchLabelKeys: ['app', 'absent'],
      },
    ],
  });
  prepareForCreate(object, { clock: new ManualClock() });
  expect(object.spec?.topologySpreadConstraints?.[0]?.labelSelector).toEqual({
    matchExpressions: [{ key: 'app', operator: 'In', values: ['x'] }],
  });
});

import { expect, test } from '@jest/globals';
import type { Container, ContainerStatus, Pod } from '../../kinds/schema/types.ts';
import { phaseOf } from './phase.ts';

const ended = (exitCode: number) => ({ terminated: { exitCode } });
const status = (name: string, state: object, lastState = {}) =>
  ({ name, state, lastState, ready: false }) as unknown as ContainerStatus;
const running = { running: {} };
const waiting = { waiting: {} };
const onFailure = { restartPolicy: 'OnFailure' };
const rule = (action: string) => ({
  restartPolicy: 'Never',
  restartPolicyRules: [{ action, exitCodes: { operator: 'In', values: [42] } }],
});

interface Case {
  policy: 'Always' | 'OnFailure' | 'Never';
  /** What each container is, beside its name. */
  containers: object[];
  states: [state: object, lastState?: object][];
  phase: string;
}

const cases: Case[] = [
  { policy: 'Always', containers: [{}], states: [[ended(0)]], phase: 'Running' },
  { policy: 'OnFailure', containers: [{}], states: [[ended(0)]], phase: 'Succeeded' },
  { policy: 'OnFailure', containers: [{}], states: [[ended(1)]], phase: 'Running' },
  { policy: 'OnFailure', containers: [{}], states: [[waiting, ended(1)]], phase: 'Running' },
  { policy: 'OnFailure', containers: [{}, {}], states: [[ended(0)], [waiting]], phase: 'Pending' },
  { policy: 'Never', containers: [{}], states: [[ended(1)]], phase: 'Failed' },
  { policy: 'Never', containers: [{}, {}], states: [[ended(1)], [running]], phase: 'Running' },
  { policy: 'Never', containers: [{}, {}], states: [[ended(1)], [ended(0)]], phase: 'Failed' },
  // What a container says of its own restarts goes before what the Pod says.
  { policy: 'Never', containers: [onFailure], states: [[ended(1)]], phase: 'Running' },
  { policy: 'Never', containers: [onFailure], states: [[waiting, ended(1)]], phase: 'Running' },
  { policy: 'Never', containers: [onFailure], states: [[ended(0)]], phase: 'Succeeded' },
  // A probe gave it up.
  { policy: 'Never', containers: [onFailure], states: [[waiting, ended(0)]], phase: 'Running' },
  { policy: 'Never', containers: [rule('Restart')], states: [[ended(42)]], phase: 'Running' },
  { policy: 'Never', containers: [rule('Restart')], states: [[ended(1)]], phase: 'Failed' },
  { policy: 'Always', containers: [{ restartPolicy: 'Never' }], states: [[ended(1)]], phase: 'Failed' },
];

test.each(cases)('$policy, $containers as $states: $phase', ({ policy, containers, states, phase }) => {
  const named = containers.map((container, n) => ({ name: `c${n}`, ...container }) as Container);
  const pod: Pod = { metadata: {}, spec: { restartPolicy: policy, containers: named } };
  const statuses = states.map(([state, last], n) => status(`c${n}`, state, last));
  expect(phaseOf(pod, [], statuses)).toBe(phase);
});

test.each([
  { policy: 'Never', own: {}, phase: 'Failed' },
  { policy: 'Never', own: onFailure, phase: 'Pending' },
  { policy: 'OnFailure', own: {}, phase: 'Pending' },
  { policy: 'OnFailure', own: { restartPolicy: 'Never' }, phase: 'Failed' },
] as const)(
  'an init container that failed, of $own in a Pod of $policy: $phase',
  ({ policy, own, phase }) => {
    const init = { name: 'i', ...own } as Container;
    const spec = { restartPolicy: policy, initContainers: [init], containers: [{ name: 'c' }] };
    expect(phaseOf({ metadata: {}, spec }, [status('i', ended(1))], [])).toBe(phase);
  },
);

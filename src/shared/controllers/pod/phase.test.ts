import { expect, test } from '@jest/globals';
import type { Container, ContainerStatus, Pod, PodSpec } from '../../kinds/schema/types.ts';
import { phaseOf } from './phase.ts';

const container = (more: Partial<Container> = {}): Container => ({ name: 'c', ...more });
const seen = (name: string, state: ContainerStatus['state'], lastState?: ContainerStatus['lastState']) => ({
  ...{ name, state, image: '', imageID: '', ready: false, restartCount: 0 },
  ...(lastState && { lastState }),
});
const exit = (exitCode: number) => ({ terminated: { exitCode } });
const on = (code: number, operator: 'In' | 'NotIn' = 'In') => [
  { action: 'Restart' as const, exitCodes: { operator, values: [code] } },
];
const backingOff = { waiting: { reason: 'CrashLoopBackOff' } };

test.each<[string, Partial<PodSpec>, ContainerStatus['state'], string]>([
  ['a Pod that never restarts has failed', {}, exit(1), 'Failed'],
  ['or succeeded', {}, exit(0), 'Succeeded'],
  [
    'a container that always restarts keeps it running',
    { containers: [container({ restartPolicy: 'Always' })] },
    exit(1),
    'Running',
  ],
  ['also after success', { containers: [container({ restartPolicy: 'Always' })] }, exit(0), 'Running'],
  [
    'a rule that matches keeps it running',
    { containers: [container({ restartPolicy: 'Never', restartPolicyRules: on(42) })] },
    exit(42),
    'Running',
  ],
  [
    'a rule that does not match lets it fail',
    { containers: [container({ restartPolicy: 'Never', restartPolicyRules: on(42) })] },
    exit(1),
    'Failed',
  ],
  [
    'a container that never restarts ends a Pod that always does',
    { restartPolicy: 'Always', containers: [container({ restartPolicy: 'Never' })] },
    exit(1),
    'Failed',
  ],
  ['one that always restarts is running', { restartPolicy: 'Always' }, exit(0), 'Running'],
  ['one that restarts on failure runs on', { restartPolicy: 'OnFailure' }, exit(1), 'Running'],
  ['or has succeeded', { restartPolicy: 'OnFailure' }, exit(0), 'Succeeded'],
])('%s', (_, spec, state, phase) => {
  const pod: Pod = { metadata: {}, spec: { restartPolicy: 'Never', containers: [container()], ...spec } };
  expect(phaseOf(pod, [], [seen('c', state)])).toBe(phase);
  // So it is while it waits to be started again.
  if (phase === 'Running') expect(phaseOf(pod, [], [seen('c', backingOff, state)])).toBe(phase);
});

test.each<[string, Partial<Container>, PodSpec['restartPolicy'], string]>([
  ['by the policy of the Pod', {}, 'Never', 'Failed'],
  ['not where that starts it again', {}, 'Always', 'Pending'],
  ['by a policy of its own', { restartPolicy: 'Never' }, 'Always', 'Failed'],
  [
    'not where a rule starts it again',
    { restartPolicy: 'Never', restartPolicyRules: on(1) },
    'Never',
    'Pending',
  ],
  ['not as a sidecar', { restartPolicy: 'Always' }, 'Never', 'Pending'],
])('an init container that failed fails its Pod: %s', (_, init, restartPolicy, phase) => {
  const spec = {
    restartPolicy,
    initContainers: [container({ ...init, name: 'i' })],
    containers: [container()],
  };
  expect(phaseOf({ metadata: {}, spec }, [seen('i', exit(1))], [])).toBe(phase);
});

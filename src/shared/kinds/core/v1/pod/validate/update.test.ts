import { expect, test } from '@jest/globals';
import type { PodSpec } from '../../../../schema/types.ts';
import { validUpdate } from './update.ts';

const base: PodSpec = {
  containers: [{ name: 'c', image: 'a' }],
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  tolerations: [{ key: 'k', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
};
const changed = (rest: Partial<PodSpec>): PodSpec => ({ ...base, ...rest });

test.each<{ why: string; spec: PodSpec; old?: PodSpec }>([
  { why: 'nothing', spec: changed({}) },
  { why: 'an image', spec: changed({ containers: [{ name: 'c', image: 'b' }] }) },
  {
    why: 'a further toleration',
    spec: changed({ tolerations: [...base.tolerations!, { operator: 'Exists' }] }),
  },
  {
    why: 'how long a taint is tolerated',
    spec: changed({ tolerations: [{ ...base.tolerations![0]!, tolerationSeconds: 1 }] }),
  },
  { why: 'a deadline', spec: changed({ activeDeadlineSeconds: 5 }) },
  {
    why: 'a negative grace period to one second',
    spec: changed({ terminationGracePeriodSeconds: 1 }),
    old: changed({ terminationGracePeriodSeconds: -1 }),
  },
  { why: 'a gate that goes', spec: changed({}), old: changed({ schedulingGates: [{ name: 'x' }] }) },
])('a Pod may change $why', ({ spec, old = base }) => expect(validUpdate(spec, old)).toEqual([]));

test.each<{ why: string; spec: PodSpec; old?: PodSpec; field: string; message: string }>([
  {
    why: 'another container',
    spec: changed({ containers: [...base.containers, { name: 'd' }] }),
    field: 'spec.containers',
    message: 'Forbidden: pod updates may not add or remove containers',
  },
  {
    why: 'a toleration that goes',
    spec: changed({ tolerations: [] }),
    field: 'spec.tolerations',
    message: 'Forbidden: existing toleration can not be modified except its tolerationSeconds',
  },
  {
    why: 'a later deadline',
    spec: changed({ activeDeadlineSeconds: 6 }),
    old: changed({ activeDeadlineSeconds: 5 }),
    field: 'spec.activeDeadlineSeconds',
    message: 'Invalid value: 6: must be less than or equal to previous value',
  },
  {
    why: 'a new gate',
    spec: changed({ schedulingGates: [{ name: 'x' }] }),
    field: 'spec.schedulingGates[0].name',
    message: "Forbidden: only deletion is allowed, but found new scheduling gate 'x'",
  },
])('$why is refused', ({ spec, old = base, field, message }) =>
  expect(validUpdate(spec, old)).toMatchObject([{ field, message }]),
);

test('any other field is refused with the list of those that may change, and what differs', () => {
  const [cause, ...rest] = validUpdate(changed({ restartPolicy: 'Never' }), base);
  expect(rest).toEqual([]);
  expect(cause).toEqual({
    reason: 'FieldValueForbidden',
    field: 'spec',
    message:
      'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n- restartPolicy: "Always"\n+ restartPolicy: "Never"',
  });
});

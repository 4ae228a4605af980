import { describe, expect, test } from '@jest/globals';
import { podOf } from '../../../../test/support/aws/fakeEcsWorld.ts';
import type { PodSecurityContext, SecurityContext } from '../../../shared/kinds/schema/types.ts';
import { capabilitiesOf, impossible } from './capabilities.ts';
import { isUserUnknown, userOf } from './users.ts';

describe('D9: capabilities', () => {
  const withCapabilities = (add: string[] | undefined, drop: string[] | undefined) => ({
    name: 'c',
    securityContext: { capabilities: { ...(add && { add }), ...(drop && { drop }) } },
  });

  test.each<[string, string[] | undefined, string[] | undefined, object | undefined]>([
    ['none', undefined, undefined, undefined],
    ['all dropped', undefined, ['ALL'], { drop: ['ALL'] }],
    ['a usual one added', ['NET_BIND_SERVICE'], undefined, undefined],
    ['one added that ECS adds', ['SYS_PTRACE'], ['MKNOD'], { add: ['SYS_PTRACE'], drop: ['MKNOD'] }],
    ['one kept that is dropped by name', ['CHOWN'], ['CHOWN', 'KILL'], { drop: ['KILL'] }],
  ])('%s', (_, add, drop, wanted) => {
    expect(capabilitiesOf(withCapabilities(add, drop))).toEqual(wanted);
  });

  test('all dropped and one kept: the others are dropped by name', () => {
    const { add, drop } = capabilitiesOf(withCapabilities(['NET_BIND_SERVICE'], ['ALL']))!;
    expect(add).toBeUndefined();
    expect(drop).toHaveLength(13);
    expect(drop).not.toContain('NET_BIND_SERVICE');
    expect(drop).not.toContain('ALL');
  });

  test('one that is neither usual nor addable is impossible', () => {
    expect(impossible(withCapabilities(['NET_BIND_SERVICE', 'SYS_PTRACE', 'NET_ADMIN'], ['ALL']))).toEqual([
      'NET_ADMIN',
    ]);
  });
});

describe('D9: runAsNonRoot', () => {
  const judged = (pod: PodSecurityContext | undefined, own: SecurityContext | undefined) => {
    const container = { name: 'c', ...(own && { securityContext: own }) };
    const spec = { containers: [container], ...(pod && { securityContext: pod }) };
    const object = podOf(spec, { uid: 'u' });
    return { user: () => userOf(container, object), unknown: isUserUnknown(container, object) };
  };

  test.each<[PodSecurityContext | undefined, SecurityContext | undefined]>([
    [{ runAsNonRoot: true, runAsUser: 0 }, undefined],
    [{ runAsNonRoot: true, runAsUser: 5 }, { runAsUser: 0 }],
    [{ runAsUser: 0 }, { runAsNonRoot: true }],
  ])('root of %j and %j is refused in the words of a kubelet', (pod, own) => {
    expect(judged(pod, own).user).toThrow(
      'container\'s runAsUser breaks non-root policy (pod: "p_ns(u)", container: c)',
    );
  });

  test.each<[PodSecurityContext | undefined, SecurityContext | undefined, string | undefined, boolean]>([
    [{ runAsNonRoot: true, runAsUser: 5 }, undefined, '5', false],
    [{ runAsNonRoot: true }, undefined, undefined, true],
    [{ runAsNonRoot: true }, { runAsNonRoot: false, runAsUser: 0 }, '0', false],
    [undefined, undefined, undefined, false],
  ])('%j and %j: user %s', (pod, own, user, unknown) => {
    expect(judged(pod, own).user()).toBe(user);
    expect(judged(pod, own).unknown).toBe(unknown);
  });
});

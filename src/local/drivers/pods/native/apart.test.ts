import { expect, test } from '@jest/globals';
import type { Launch } from '../sandbox.ts';
import { seesProcesses, showsProcesses, userNamespaceOf } from './apart.ts';

test.each([
  ['the one of its Pod’s network', 'all', false, { user: 'all', joined: true }],
  ['one within, where it sees processes of others', 'all', true, { user: 'one' }],
  ['its own, where its Pod’s network has none', undefined, true, { user: 'all' }],
] as const)('the user namespace of a container is %s', (_, joinedUser, seesOthers, expected) =>
  expect(userNamespaceOf(joinedUser, { user: 'all', ownProc: true }, seesOthers)).toEqual(expected),
);

const mountInfo = `21 1 8:1 / / rw - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw,nosuid shared:5 - proc proc rw
23 21 0:5 / /srv/chroot/proc rw - proc proc rw
`;

test.each([
  ['/', true],
  ['/proc', true],
  ['/proc/1', true],
  ['/srv/chroot', true],
  ['/process', false],
  ['/srv/other', false],
])('a mount of %s shows processes of this machine: %s', (source, expected) =>
  expect(showsProcesses(['/var/none', source], mountInfo)).toBe(expected),
);

test('processes of others are seen with hostPID, and where no /proc can be mounted', () => {
  const launch = (hostPID: boolean) => ({ pod: { spec: { hostPID } }, mounts: [] }) as unknown as Launch;
  expect(seesProcesses(launch(true), { ownProc: true })).toBe(true);
  expect(seesProcesses(launch(false), { ownProc: false })).toBe(true);
  expect(seesProcesses(launch(false), { ownProc: true })).toBe(false);
});

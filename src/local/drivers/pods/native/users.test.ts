import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { PodSpec, SecurityContext } from '../../../../shared/kinds/schema/types.ts';
import { identityIn } from './users.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'shallop-users-'));
  mkdirSync(join(root, 'etc'));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nstaff:x:50:app\nextra:x:60:root,app\n');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const identity = (imageUser: string, own: SecurityContext = {}, spec: Partial<PodSpec> = {}) =>
  identityIn(
    { root, mounts: [] },
    {
      imageUser,
      container: { name: 'c', securityContext: own },
      spec: { containers: [], ...spec },
      podName: 'p_ns(u)',
    },
  );

test.each<[string, SecurityContext, PodSpec['securityContext'], object]>([
  ['', {}, {}, { uid: 0, gid: 0, groups: [0, 60], home: '/root' }],
  ['app', {}, {}, { uid: 1000, gid: 1001, groups: [1001, 50, 60], home: '/home/app' }],
  ['1000', {}, {}, { uid: 1000, gid: 1001 }],
  ['app:staff', {}, {}, { uid: 1000, gid: 50 }],
  ['7:8', {}, {}, { uid: 7, gid: 8, groups: [8], home: '/' }],
  ['app', { runAsUser: 7 }, {}, { uid: 7, gid: 0, groups: [0] }],
  ['app', {}, { runAsUser: 1000, runAsGroup: 9 }, { uid: 1000, gid: 9 }],
  ['app', { runAsUser: 7 }, { runAsUser: 1000 }, { uid: 7 }],
  ['', {}, { fsGroup: 70, supplementalGroups: [71] }, { groups: [0, 60, 71, 70] }],
  ['app', {}, { supplementalGroups: [71], supplementalGroupsPolicy: 'Strict' }, { groups: [1001, 71] }],
])('USER %j with %j and %j', (imageUser, own, securityContext, expected) => {
  expect(identity(imageUser, own, { securityContext })).toMatchObject(expected);
});

test.each<[string, SecurityContext, string]>([
  [
    '',
    { runAsNonRoot: true },
    'container has runAsNonRoot and image will run as root (pod: "p_ns(u)", container: c)',
  ],
  ['0', { runAsNonRoot: true }, 'container has runAsNonRoot and image will run as root'],
  [
    'app',
    { runAsNonRoot: true },
    'container has runAsNonRoot and image has non-numeric user (app), cannot verify user is non-root',
  ],
  ['', { runAsNonRoot: true, runAsUser: 0 }, "container's runAsUser breaks non-root policy"],
  ['nobody', {}, 'unable to find user nobody: no matching entries in passwd file'],
  ['app:none', {}, 'unable to find group none: no matching entries in group file'],
])('USER %j with %j is refused', (imageUser, own, message) => {
  expect(() => identity(imageUser, own)).toThrow(message);
});

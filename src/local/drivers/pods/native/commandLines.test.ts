import { expect, test } from '@jest/globals';
import { boundingSet, capabilitiesOf } from './capabilities.ts';
import { execCommand, intoRoot, type Jail, startCommand } from './commandLines.ts';

const tools = { unshare: '/u/unshare', nsenter: '/u/nsenter', setpriv: '/u/setpriv', env: '/u/env' };
const jail: Jail = {
  folder: '/run',
  identity: { uid: 0, gid: 0, groups: [0], home: '/root' },
  capabilities: ['chown'],
  noNewPrivileges: false,
  env: { PATH: '/bin', 'my.dotted': 'a b' },
  workingDir: '/w',
  namespaces: { pid: true, uts: true, ipc: true },
};
const text = (command: string[]) => command.join(' ');

test('privileges are given up by tools of the machine before the root of the container is entered', () => {
  expect(text(intoRoot(tools, jail, ['app', 'x'], '/t'))).toBe(
    '/u/nsenter --root=/t -- /u/setpriv --regid 0 --groups 0 --bounding-set -all,+chown,+sys_chroot -- /u/env -i PATH=/bin my.dotted=a b /u/unshare --root . --wd /w -- app x',
  );
});

test('another user is taken last, without new privileges where they are forbidden', () => {
  const identity = { uid: 1000, gid: 3000, groups: [3000, 2000], home: '/' };
  expect(text(intoRoot(tools, { ...jail, identity, noNewPrivileges: true }, ['app'], '/t'))).toBe(
    '/u/nsenter --root=/t -- /u/setpriv --regid 3000 --groups 3000,2000 --bounding-set -all,+chown,+sys_chroot,+setuid --no-new-privs -- /u/env -i PATH=/bin my.dotted=a b /u/unshare --root . --wd /w --setuid 1000 -- app',
  );
});

test.each(['LD_PRELOAD', 'LD_LIBRARY_PATH', 'GLIBC_TUNABLES', 'GCONV_PATH', 'MALLOC_TRACE', 'LOCPATH'])(
  '%s of a container is in force only in its own root',
  (name) => {
    const words = intoRoot(tools, { ...jail, env: { PATH: '/bin', [name]: '/evil' } }, ['app'], '/t');
    const entered = words.lastIndexOf('--root');
    expect(words.indexOf(`${name}=/evil`)).toBeGreaterThan(entered);
    expect(words.slice(-3)).toEqual(['env', `${name}=/evil`, 'app']);
  },
);

test('namespaces are those that the Pod does not share with the machine', () => {
  expect(text(startCommand(tools, jail, '/s'))).toEqual(
    expect.stringMatching(/^\/u\/unshare --mount --propagation slave --uts --ipc --pid sh -c [\s\S]* \/s$/),
  );
  const namespaces = { user: 'all', pid: false, uts: false, ipc: false } as const;
  expect(text(startCommand(tools, { ...jail, namespaces }, '/s'))).toBe(
    '/u/unshare --user --map-root-user --map-auto --mount --propagation slave sh /s',
  );
});

test('a command beside enters the namespaces of the main process, its root last', () => {
  expect(text(execCommand(tools, jail, 42, ['id'], '/t'))).toMatch(
    /^\/t\/u\/nsenter --target 42 --mount --uts --ipc --pid --root=\/t --wd=\/proc\/42\/root -- \/u\/setpriv .* -- id$/,
  );
});

test('a command beside has the score of its container', () => {
  const [sh, flag, script, ...rest] = execCommand(tools, { ...jail, oomScore: 999 }, 42, ['id'], '/t');
  expect([sh, flag, script]).toEqual([
    'sh',
    '-c',
    '{ echo 999 >/proc/self/oom_score_adj; } 2>/dev/null\nexec "$@"',
  ]);
  expect(rest).toEqual(['sh', ...execCommand(tools, jail, 42, ['id'], '/t')]);
});

test.each([
  [undefined, 14, ['chown', 'net_raw'], ['sys_admin']],
  [{ capabilities: { drop: ['ALL'] } }, 0, [], ['chown']],
  [{ capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }, 1, ['net_bind_service'], []],
  [{ capabilities: { drop: ['CAP_CHOWN'], add: ['SYS_TIME'] } }, 14, ['sys_time'], ['chown']],
  [{ capabilities: { add: ['ALL'], drop: ['SYS_ADMIN'] } }, 40, ['bpf'], ['sys_admin']],
  [{ privileged: true, capabilities: { drop: ['ALL'] } }, 41, ['sys_admin'], []],
])('capabilities of %j', (security, count, some, none) => {
  const found = capabilitiesOf(security);
  expect(found.size).toBe(count);
  for (const name of some) expect(found).toContain(name);
  for (const name of none) expect(found).not.toContain(name);
});

test('an unknown capability is told by name', () => {
  expect(() => capabilitiesOf({ capabilities: { add: ['FLY'] } })).toThrow('unknown capability "CAP_FLY"');
  expect(boundingSet(['chown'])).toBe('-all,+chown');
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import { needs, notLinux } from '../../../../../../test/support/needs.ts';
import { until } from '../../../../../../test/support/until.ts';
import { lower } from './bridge.ts';
import { openBridged, type Site } from './bridged.ts';
import { machineGround } from './ground.ts';
import { ipIn } from './ip.ts';
import { lookAround } from './surroundings.ts';

const folder = mkdtempSync(join(tmpdir(), 'shallop-bridged-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A bridge of this machine whose way out cannot be made; what would carry packets has the folder's name. */
async function open() {
  const ground = machineGround();
  const site: Site = {
    ground,
    around: await lookAround(),
    exit: () => ({
      ip: ipIn(['false']),
      enter: ['sh', '-c', 'sleep 600', folder],
      address: '10.0.0.9',
      network: 'absent',
      make: () => Promise.reject(new Error('no VXLAN here')),
    }),
    place: () => '',
    end: async (names) => {
      if (names) await lower(ground.ip, names);
    },
  };
  return openBridged(folder, site, {});
}
const isRoot = process.getuid?.() === 0;
const obstacle =
  notLinux ||
  (!isRoot && 'root only') ||
  (await open().then(
    (network) => network.close().then(() => false as const),
    (error: Error) => `network namespaces do not work here: ${error.message}`,
  ));

needs(obstacle).test(
  'without a way out nothing is run for it, and Pods have the bridge for a gateway',
  async () => {
    const network = await open();
    const ref = { cluster: 'default', namespace: 'default', name: 'a', uid: 'a' };
    try {
      expect(network.explanation).toContain('without a way out to other machines (no VXLAN here)');
      const { wrap } = await network.pods.setup(ref);
      const run = (program: string, ...args: string[]) => execFileSync(program, args, { encoding: 'utf8' });
      expect(run('ps', '-o', 'args=', '--ppid', String(process.pid))).not.toContain(folder);
      const [program = '', ...args] = wrap(['ip', 'route', 'show', 'default']);
      expect(run(program, ...args)).toContain(`default via ${network.nodeAddress} `);
    } finally {
      await network.pods.teardown(ref);
      await network.close();
    }
  },
);

needs(obstacle).test('a Pod gets the network that was made ahead, and none of these is left', async () => {
  const network = await open();
  const ref = (uid: string) => ({ cluster: 'default', namespace: 'default', name: uid, uid });
  const prefix = `${network.nodeAddress.split('.').slice(0, 2).join('.').replace('10.', 'shallop')}-`;
  const present = () => readdirSync('/run/netns').filter((name) => name.startsWith(prefix));
  try {
    await network.pods.setup(ref('a'));
    await until('two are there for others', () => present().length === 3);
    const before = present();
    const { ip, wrap } = await network.pods.setup(ref('b'));
    expect(present()).toEqual(before);
    const [program = '', ...args] = wrap(['ip', '-4', 'addr', 'show', 'dev', 'eth0']);
    expect(execFileSync(program, args, { encoding: 'utf8' })).toContain(`inet ${ip}/17 `);
    expect((await network.pods.setup(ref('b'))).ip).toBe(ip);
  } finally {
    for (const uid of ['a', 'b']) await network.pods.teardown(ref(uid));
    await network.close();
  }
  expect(present()).toEqual([]);
});

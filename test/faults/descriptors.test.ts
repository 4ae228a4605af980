import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { LoadClient } from '../../bench/load.ts';
import { endpointOf } from '../../src/cli/kube/kubeconfig.ts';
import { needs, notLinux } from '../support/needs.ts';
import { openPlane, type Plane } from '../support/plane.ts';
import { limit, openFiles } from '../support/process.ts';
import { until } from '../support/until.ts';

const { test: onLinux } = needs(notLinux);
const configMaps = '/api/v1/namespaces/default/configmaps';

let plane: Plane;
beforeAll(async () => {
  plane = await openPlane('descriptors');
  await plane.start('--runtime', 'fake');
});
afterAll(() => plane.close());

onLinux(
  'with no file descriptor left, who is connected is served on, and newcomers are again once there is room',
  async () => {
    const { pid } = plane.child!;
    const { server } = await endpointOf({ kubeconfig: plane.kubeconfig }, { env: {}, cwd: '/' });
    const { hostname, port } = new URL(server);
    const early = new LoadClient(plane.kubeconfig);
    expect((await early.call('GET', configMaps)).status).toBe(200);
    const most = openFiles(pid!) + 20;
    limit(pid!, 'nofile', most);
    const crowd: Socket[] = [];
    for (let n = 0; n < 100; n++) {
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on('error', () => {});
      crowd.push(socket);
    }
    await until('no descriptor is left', () => openFiles(pid!) >= most - 1);
    for (let n = 0; n < 20; n++) {
      const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `early-${n}` } };
      expect((await early.call('POST', configMaps, object)).status).toBe(201);
    }
    for (const socket of crowd) socket.destroy();
    const late = new LoadClient(plane.kubeconfig);
    await until('a newcomer is served', async () => {
      const answer = await late.call('GET', configMaps).catch(() => undefined);
      return answer?.status === 200;
    });
    expect(plane.child!.exitCode).toBeNull();
    early.close();
    late.close();
  },
);

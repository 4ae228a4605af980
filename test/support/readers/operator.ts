import { expect } from '@jest/globals';
import { startEnvironment } from '../environment.ts';
import { ordinaryUser, type World } from '../packedWorld.ts';
import { until } from '../until.ts';
import { follow } from './follow.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'web:1' }] } },
  },
};

/**
 * Who tests an operator: docs/envtest.md. What envtest does with the folder is done by startEnvironment here, in the place
 * of `go`, which compiles for minutes; with Go itself it is test/e2e/envtestGo.test.ts.
 */
export async function operatorAuthor(world: World): Promise<void> {
  const inPlaceOfGo = `#!/bin/sh\nprintf '%s %s\\n' "$KUBEBUILDER_ASSETS" "$SHALLOP_CONTROLLERS" > "$HOME/asked"\n`;
  world.write('bin/go', inPlaceOfGo);
  await world.run('chmod +x bin/go');
  const starts = async ({ line }: { line: string }) => {
    await world.run(line);
    const [assets = '', controllers = ''] = (await world.run('cat asked')).trim().split(' ');
    const env = { ...world.env, SHALLOP_CONTROLLERS: controllers };
    const environment = await startEnvironment(assets, {}, env, ordinaryUser);
    try {
      const admin = await environment.addUser('admin', 'system:masters');
      const path = '/apis/apps/v1/namespaces/default';
      expect((await admin('POST', `${path}/deployments`, deployment)).code).toBe(201);
      const made = async () => JSON.parse((await admin('GET', `${path}/replicasets`)).body).items.length;
      if (controllers)
        await until('the controllers that were asked for act', async () => (await made()) === 1);
      else expect(await made()).toBe(0);
    } finally {
      expect(await environment.stop()).toEqual([0, 0]);
    }
  };
  await follow(world, 'envtest.md', [
    [/^KUBEBUILDER_ASSETS=/, starts],
    [/^SHALLOP_CONTROLLERS=/, starts],
  ]);
}

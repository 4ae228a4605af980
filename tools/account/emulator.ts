import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigOf } from '../emulator/awsKubeconfig.ts';
import { everythingOf } from '../emulator/leftovers.ts';
import { openLocalCloud } from '../emulator/localCloud.ts';
import type { Place } from './place.ts';

/** MiniStack, or what AWS_ENDPOINT_URL names, in the place of an account. */
export const emulatorPlace = (): Place => ({
  emulated: true,
  region: 'us-east-1',
  everything: (name) => (process.env.AWS_ENDPOINT_URL ? everythingOf(name) : Promise.resolve([])),
  deploy: async (name, say) => {
    const cloud = await openLocalCloud({ name, say });
    const folder = mkdtempSync(join(tmpdir(), 'shallop-account-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigOf(cloud), { mode: 0o600 });
    return {
      endpoint: cloud.front.url,
      kubeconfig,
      proxy: () => Promise.reject(new Error('no emulator has sessions')),
      destroy: () => cloud.destroy(),
      close: async () => {
        await cloud.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
});

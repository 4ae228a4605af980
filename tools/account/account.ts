import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { cdk, contextArgs } from '../cdk.ts';
import { destroyAsked, inTerminal } from '../destroy.ts';
import { ensureEcsRole } from '../ecsRole.ts';
import { everythingOf } from '../emulator/leftovers.ts';
import type { Deployed, Place } from './place.ts';
import { run } from './site.ts';

const shallop = join(resolve(import.meta.dirname, '../..'), 'bin', 'shallop.js');

/** The account whose credentials are in use. */
export const accountPlace = (region: string): Place => ({
  emulated: false,
  region,
  everything: everythingOf,
  deploy: async (name, say) => {
    await ensureEcsRole();
    const args = await contextArgs({ name });
    const folder = mkdtempSync(join(tmpdir(), 'shallop-account-'));
    const destroy = () =>
      destroyAsked(
        ['--yes', '-c', `name=${name}`],
        inTerminal({ destroy: (more) => cdk(['destroy', ...more], { say }) }),
      );
    try {
      await cdk(['deploy', '--require-approval', 'never', '--progress', 'events', ...args], { say });
      return { ...(await opened(name, region, folder)), destroy };
    } catch (error) {
      // Half a deployment costs, too.
      await destroy();
      throw error;
    }
  },
});

async function opened(name: string, region: string, folder: string): Promise<Omit<Deployed, 'destroy'>> {
  const target = ['--name', name, '--region', region];
  const { output, exitCode } = await run(process.execPath, [shallop, 'kubeconfig', '--aws', ...target]);
  if (exitCode !== 0) throw new Error(output);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, output, { mode: 0o600 });
  return {
    endpoint: /server: (\S+)/.exec(output)?.[1] ?? '',
    kubeconfig,
    proxy: () => openProxy(target),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `shallop proxy` as a process, and where it listens. */
async function openProxy(target: string[]): Promise<{ url: string; close(): void }> {
  const child = spawn(process.execPath, [shallop, 'proxy', ...target, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (url) return { url, close: () => void child.kill() };
  }
  throw new Error('shallop proxy ended before it listened');
}

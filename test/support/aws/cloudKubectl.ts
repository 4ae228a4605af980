import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runKubectl } from '../../../examples/demo/story.ts';
import { kubeconfigOf } from '../../../tools/emulator/awsKubeconfig.ts';
import type { LocalCloud } from '../../../tools/emulator/localCloud.ts';
import { until } from '../until.ts';

/** kubectl against a deployment in an emulated AWS. */
export interface CloudKubectl {
  /**
   * Runs a command and returns what it printed.
   * @throws Error with the command and what it said, when it fails.
   */
  k(...args: string[]): Promise<string>;
  apply(...manifests: object[]): Promise<string>;
  /** Waits for the default service account, which is there once the cluster is ready for objects. */
  whenReady(): Promise<void>;
  /** Writes the kubeconfig again: a deployment that was replaced may have another address and id. */
  login(): void;
  /** Removes its folder. */
  close(): void;
}

/** @param kubectl path of the program. */
export function kubectlOf(cloud: LocalCloud, kubectl: string): CloudKubectl {
  const folder = mkdtempSync(join(tmpdir(), `shallop-aws-${cloud.name}-`));
  const kubeconfig = join(folder, 'kubeconfig');
  const login = () => writeFileSync(kubeconfig, kubeconfigOf(cloud), { mode: 0o600 });
  const said = async (args: string[], input?: string) => {
    const { command, output, exitCode } = await runKubectl(kubectl, kubeconfig, args, input);
    if (exitCode !== 0) throw new Error(`${command} ended with ${exitCode}: ${output}`);
    return output.trim();
  };
  login();
  return {
    k: (...args) => said(args),
    apply: (...items) =>
      said(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items })),
    whenReady: () =>
      until(
        'the default service account',
        async () =>
          (await runKubectl(kubectl, kubeconfig, ['get', 'serviceaccount', 'default'])).exitCode === 0,
        180_000,
      ),
    login,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

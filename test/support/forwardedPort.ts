import { spawn } from 'node:child_process';
import { until } from './until.ts';

/**
 * Runs `kubectl port-forward` until it listens, and calls `use` with its port on this machine; ends it afterwards.
 * @param to what is forwarded to, and its port: `['service/web', ':80']`.
 */
export async function throughForward<T>(
  { kubectl, kubeconfig }: { kubectl: string; kubeconfig: string },
  to: [target: string, port: string],
  use: (port: number) => Promise<T>,
): Promise<T> {
  const child = spawn(kubectl, ['port-forward', ...to], {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    await until('it listens', () => /127\.0\.0\.1:\d+ /.test(said));
    return await use(Number(/127\.0\.0\.1:(\d+) /.exec(said)?.[1]));
  } finally {
    child.kill();
  }
}

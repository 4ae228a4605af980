import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { programs } from './programs.ts';

/** Describes which shallop the launchers start. */
export interface Installed {
  /** The Node that runs it. */
  node: string;
  /** bin/shallop.js of the package or the checkout. */
  command: string;
  version: string;
}

/**
 * Makes the folder that KUBEBUILDER_ASSETS names, and answers its path. It is in the user's cache, one for each version
 * and place of an installation. Launchers that are as they should be are left alone, so that one may run meanwhile.
 */
export async function makeAssets(
  installed: Installed,
  env: Record<string, string | undefined>,
): Promise<string> {
  const place = createHash('sha256')
    .update(`${installed.node}\0${installed.command}`)
    .digest('hex')
    .slice(0, 8);
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'shallop', 'envtest', `${installed.version}-${place}`);
  await mkdir(folder, { recursive: true });
  for (const program of Object.keys(programs))
    await put(join(folder, program), launcherOf(installed, program));
  await put(join(folder, 'kubectl'), kubectl);
  return folder;
}

/** Replaces a file in one step, where it is not that already: others may be about to start it. */
async function put(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return;
  const made = `${file}.${process.pid}`;
  await writeFile(made, text);
  await chmod(made, 0o755);
  await rename(made, file);
}

/** `exec`, so that signals reach the process itself. */
const launcherOf = ({ node, command }: Installed, program: string) => `#!/bin/sh
# Made by 'shallop envtest'.
exec ${quoted(node)} ${quoted(command)} envtest ${program} -- "$@"
`;

/** The user's kubectl, wherever PATH has it but here. */
const kubectl = `#!/bin/sh
# Made by 'shallop envtest'.
IFS=:
for folder in $PATH; do
  [ "$folder" -ef "\${0%/*}" ] && continue
  [ -x "$folder/kubectl" ] && [ ! -d "$folder/kubectl" ] && exec "$folder/kubectl" "$@"
done
echo "shallop envtest: there is no kubectl on PATH, and shallop brings none; install it from https://kubernetes.io/docs/tasks/tools/" >&2
exit 127
`;

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The release whose suite is run. */
export const release = '1.35.4';

/** What the suite reads of Kubernetes' sources. */
const needed = [
  'hack',
  'test/cmd',
  'test/fixtures',
  'test/e2e/testing-manifests',
  'third_party/forked/shell2junit',
];

/** Describes a copy of the suite in which nothing is changed, and what stands in it where its builds would. */
export interface Tree {
  root: string;
  /** Folder of `make`, which is to come first on PATH. */
  shims: string;
}

/**
 * Copies the suite to `folder`, since it writes beside its sources, and puts launchers where it looks for what it has built.
 *
 * @param launchers the shell line that each program is started by, by the program's name
 */
export async function layOut(folder: string, launchers: Record<string, string>): Promise<Tree> {
  const sources = await kubernetesSources();
  const root = join(folder, 'kubernetes');
  for (const path of needed)
    await cp(join(sources, path), join(root, path), { recursive: true, dereference: true });
  await run('chmod', ['-R', 'u+w', root]);
  // Modules carry no modes.
  await run('chmod', ['-R', 'a+x', join(root, 'test/fixtures/pkg/kubectl/plugins')]);
  const built = join(root, '_output', 'bin');
  for (const [name, line] of Object.entries(launchers)) await put(built, name, `#!/bin/sh\n${line}\n`);
  const shims = join(folder, 'shims');
  // What it would build is there already.
  await put(shims, 'make', '#!/bin/sh\n');
  return { root, shims };
}

/** @returns the folder of Kubernetes' module in Go's cache, where it is downloaded to if need be. */
async function kubernetesSources(): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${release}`]);
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function put(folder: string, name: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), text);
  await chmod(join(folder, name), 0o755);
}

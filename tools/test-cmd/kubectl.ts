import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { release } from './tree.ts';

const run = promisify(execFile);
const versionPackage = 'k8s.io/component-base/version';

/** Builds a client of Kubernetes, unmodified, of its Go module, once. @returns where it is */
export async function builtClient(name: 'kubectl' | 'kubectl-convert', cache: string): Promise<string> {
  const program = join(cache, release, name);
  if (existsSync(program)) return program;
  console.log(`building ${name} ${release}`);
  const folder = join(cache, release, 'build');
  await mkdir(folder, { recursive: true });
  await writeModule(folder);
  await writeFile(
    join(folder, 'tools.go'),
    `//go:build tools\n\npackage tools\n\nimport _ "k8s.io/kubernetes/cmd/${name}"\n`,
  );
  const flags = `-s -w -X ${versionPackage}.gitVersion=v${release} -X ${versionPackage}.gitMajor=1 -X ${versionPackage}.gitMinor=${release.split('.')[1]}`;
  await run(
    'nice',
    [
      'go',
      'build',
      '-p',
      '2',
      '-trimpath',
      '-ldflags',
      flags,
      '-o',
      program,
      `k8s.io/kubernetes/cmd/${name}`,
    ],
    { cwd: folder, env: { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' }, maxBuffer: 64 << 20 },
  );
  return program;
}

/** Its go.mod replaces modules by folders that it does not carry: here by what they are published as. */
async function writeModule(folder: string): Promise<void> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `k8s.io/kubernetes@v${release}`]);
  const sources = (JSON.parse(stdout) as { Dir: string }).Dir;
  const mod = await readFile(join(sources, 'go.mod'), 'utf8');
  const published = `v0.${release.slice(2)}`;
  const replaced = [...mod.matchAll(/^\s*(\S+) => \.\/staging/gm)].map(
    ([, name]) => `\t${name} => ${name} ${published}`,
  );
  await writeFile(
    join(folder, 'go.mod'),
    `module clients\n\ngo 1.25.0\n\nrequire k8s.io/kubernetes v${release}\n\nreplace (\n${replaced.join('\n')}\n)\n`,
  );
  await cp(join(sources, 'go.sum'), join(folder, 'go.sum'), { mode: 0 });
  await run('chmod', ['u+w', join(folder, 'go.sum')]);
}

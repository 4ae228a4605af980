import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of pkg/controller/podautoscaler that may be changed: Go lets nothing be replaced in its cache. */
export interface Package {
  read(file: string): string;
  write(file: string, text: string): void;
  /** Runs its tests whose names match; returns the rows that they wrote into `$SHALLOP_RECORD`, and what they printed. */
  test(names: string): { rows: string[]; printed: string };
  remove(): void;
}

/** @param moduleFolder of a Go module that requires k8s.io/kubernetes. */
export function copyOfPackage(moduleFolder: string): Package {
  const work = mkdtempSync(join(tmpdir(), 'shallop-autoscaling-'));
  const output = join(work, 'rows');
  const env = { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0', SHALLOP_RECORD: output };
  const go = (...args: string[]) =>
    execFileSync('go', args, { cwd: work, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(moduleFolder, file), join(work, file));
  const root = go('list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes').trim();
  const from = join(root, 'pkg/controller/podautoscaler');
  const here = join(work, 'podautoscaler');
  mkdirSync(here);
  for (const file of readdirSync(from).filter((name) => name.endsWith('.go')))
    writeFileSync(join(here, file), readFileSync(join(from, file)));
  return {
    read: (file) => readFileSync(join(here, file), 'utf8'),
    write: (file, text) => writeFileSync(join(here, file), text),
    test(names) {
      const options = ['-vet=off', '-trimpath', '-count=1', '-p', '1', '-run', names];
      let printed: string;
      try {
        printed = go('test', ...options, './podautoscaler');
      } catch (error) {
        printed = (error as { stdout: string }).stdout;
      }
      return { rows: readFileSync(output, 'utf8').trim().split('\n'), printed };
    },
    remove: () => rmSync(work, { recursive: true }),
  };
}

/** @throws Error where the text is not there: what it was written for has changed. */
export function replaced(source: string, text: string, by: string): string {
  if (!source.includes(text)) throw new Error(`no ${text}`);
  return source.replaceAll(text, by);
}

import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * A copy of a package of k8s.io/kubernetes that may be changed: Go lets nothing be replaced in its cache. The copy has
 * record.go beside the package's files, so its changed tests can write rows down.
 */
export interface PackageCopy {
  read(file: string): string;
  write(file: string, text: string): void;
  /**
   * Runs its tests whose names match, and returns the rows that they wrote down.
   * @throws Error with what they printed when one of them fails, or when nothing was written down.
   */
  test(names: string): string[];
  remove(): void;
}

/**
 * @param moduleFolder of a Go module that requires k8s.io/kubernetes.
 * @param path of the package inside k8s.io/kubernetes.
 */
export function copyOfPackage(moduleFolder: string, path: string): PackageCopy {
  const work = mkdtempSync(join(tmpdir(), 'shallop-upstream-tests-'));
  const output = join(work, 'rows');
  const env = { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0', SHALLOP_RECORD: output };
  const go = (...args: string[]) =>
    execFileSync('go', args, { cwd: work, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(moduleFolder, file), join(work, file));
  const root = go('list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes').trim();
  const name = basename(path);
  const here = join(work, name);
  mkdirSync(here);
  for (const file of readdirSync(join(root, path)).filter((file) => file.endsWith('.go')))
    writeFileSync(join(here, file), readFileSync(join(root, path, file)));
  const recorder = readFileSync(join(import.meta.dirname, 'record.go'), 'utf8');
  writeFileSync(
    join(here, 'shallop_record_test.go'),
    recorder.replace(/^package record$/m, `package ${name}`),
  );
  return {
    read: (file) => readFileSync(join(here, file), 'utf8'),
    write: (file, text) => writeFileSync(join(here, file), text),
    test(names) {
      const options = ['-vet=off', '-trimpath', '-count=1', '-p', '1', '-run', names];
      try {
        go('test', ...options, `./${name}`);
      } catch (error) {
        throw new Error((error as { stdout: string }).stdout.slice(-4000), { cause: error });
      }
      if (!existsSync(output)) throw new Error(`nothing was written down by ${path}`);
      return readFileSync(output, 'utf8').trim().split('\n');
    },
    remove: () => rmSync(work, { recursive: true }),
  };
}

/** @throws Error where the text is not there: what it was written for has changed. */
export function replaced(source: string, text: string, by: string): string {
  if (!source.includes(text)) throw new Error(`no ${text}`);
  return source.replaceAll(text, by);
}

/**
 * Puts at the beginning of a loop over a test's table that the row is written down instead of tried.
 * @param row the Go expression of each fact.
 */
export function recordingAt(source: string, at: number, row: Record<string, string>): string {
  const pairs = Object.entries(row).map(([key, value]) => `"${key}": ${value}`);
  const call = `\n\t\tshallopRecord(map[string]any{${pairs.join(', ')}})\n\t\tcontinue\n`;
  return source.slice(0, at) + call + source.slice(at);
}

/**
 * Writes the tables of kube-scheduler's own tests as JSON: `node tools/scheduling/record.ts MODULE`, where MODULE is the
 * folder of a Go module that requires k8s.io/kubernetes. Each test there is made to write its table down instead of going
 * through it, so that what it expects comes from there word by word.
 */
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
import { join } from 'node:path';
import { slim } from './slim.ts';
import { type Table, tables } from './tables.ts';

const [moduleFolder] = process.argv.slice(2);
if (!moduleFolder) throw new Error('usage: node tools/scheduling/record.ts MODULE');
const work = mkdtempSync(join(tmpdir(), 'shallop-scheduling-'));
const env: Record<string, string | undefined> = { ...process.env, GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
const go = (...args: string[]) =>
  execFileSync('go', args, { cwd: work, env, encoding: 'utf8', maxBuffer: 1 << 28 });

for (const file of ['go.mod', 'go.sum']) copyFileSync(join(moduleFolder, file), join(work, file));
const root = go('list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes').trim();
const plugins = 'pkg/scheduler/framework/plugins';
const target = join(import.meta.dirname, '../../src/shared/controllers/scheduler/testdata/upstream.json');

const helper = (name: string) => `package ${name}

import (
	"encoding/json"
	"os"

	framework "k8s.io/kube-scheduler/framework"
)

func shallopStatus(status *framework.Status) map[string]any {
	if status == nil {
		return map[string]any{"code": 0, "reasons": []string{}}
	}
	return map[string]any{"code": status.Code(), "reasons": status.Reasons()}
}

func shallopRecord(test, name string, facts map[string]any) {
	facts["test"], facts["name"] = test, name
	line, err := json.Marshal(facts)
	if err != nil {
		panic(err)
	}
	out, err := os.OpenFile(os.Getenv("SHALLOP_RECORD"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		panic(err)
	}
	defer out.Close()
	out.Write(append(line, '\\n'))
}
`;

/** Puts what is to be recorded at the beginning of the loop over a test's table. */
function withRecording(source: string, { test, loop, facts }: Table): string {
  const start = source.indexOf(`func ${test}(`);
  const at = source.indexOf(loop, start);
  if (start < 0 || at < 0) throw new Error(`${test} is not as it was`);
  const variable = /, (\w+) := range/.exec(loop)?.[1] ?? '';
  const pairs = Object.entries(facts).map(([name, go]) => `"${name}": ${go.replaceAll('$', variable)}`);
  const call = `\n\t\tshallopRecord("${test}", ${variable}.name, map[string]any{${pairs.join(', ')}})\n\t\tcontinue\n`;
  return source.slice(0, at + loop.length) + call + source.slice(at + loop.length);
}

const lines: string[] = [];
for (const [folder, ofFolder] of Map.groupBy(tables, ({ folder }) => folder)) {
  const here = join(work, folder);
  mkdirSync(here);
  // A package of our own with the same content: Go lets nothing be replaced in its cache.
  for (const file of readdirSync(join(root, plugins, folder)).filter((name) => name.endsWith('.go')))
    writeFileSync(join(here, file), readFileSync(join(root, plugins, folder, file)));
  for (const [file, ofFile] of Map.groupBy(ofFolder, ({ file }) => file))
    writeFileSync(join(here, file), ofFile.reduce(withRecording, readFileSync(join(here, file), 'utf8')));
  writeFileSync(join(here, 'shallop_record_test.go'), helper(folder));
  env.SHALLOP_RECORD = join(work, `${folder}.out`);
  const names = ofFolder.map(({ test }) => test).join('|');
  go('test', '-vet=off', '-trimpath', '-count=1', '-p', '1', '-run', `^(${names})$`, `./${folder}`);
  if (!existsSync(env.SHALLOP_RECORD)) throw new Error(`nothing was recorded of ${folder}`);
  const rows = readFileSync(env.SHALLOP_RECORD, 'utf8').trim().split('\n');
  lines.push(...rows.map((row) => JSON.stringify(slim(JSON.parse(row)))));
}
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);
rmSync(work, { recursive: true });

/**
 * Writes the tables of kube-scheduler's own tests as JSON: `node tools/scheduling/record.ts MODULE`, where MODULE is the
 * folder of a Go module that requires k8s.io/kubernetes. Each test there is made to write its table down instead of going
 * through it, so that what it expects comes from there word by word.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOfPackage, recordingAt } from '../upstreamTests/packageCopy.ts';
import { slim } from './slim.ts';
import { type Table, tables } from './tables.ts';

const [moduleFolder] = process.argv.slice(2);
if (!moduleFolder) throw new Error('usage: node tools/scheduling/record.ts MODULE');
const plugins = 'pkg/scheduler/framework/plugins';
const target = join(import.meta.dirname, '../../src/shared/controllers/scheduler/testdata/upstream.json');

const helper = (name: string) => `package ${name}

import framework "k8s.io/kube-scheduler/framework"

func shallopStatus(status *framework.Status) map[string]any {
	if status == nil {
		return map[string]any{"code": 0, "reasons": []string{}}
	}
	return map[string]any{"code": status.Code(), "reasons": status.Reasons()}
}
`;

/** Puts what is to be recorded at the beginning of the loop over a test's table. */
function withRecording(source: string, { test, loop, facts }: Table): string {
  const start = source.indexOf(`func ${test}(`);
  const at = source.indexOf(loop, start);
  if (start < 0 || at < 0) throw new Error(`${test} is not as it was`);
  const variable = /, (\w+) := range/.exec(loop)?.[1] ?? '';
  const ofRow = Object.entries(facts).map(([name, go]) => [name, go.replaceAll('$', variable)]);
  const row = { test: `"${test}"`, name: `${variable}.name`, ...Object.fromEntries(ofRow) };
  return recordingAt(source, at + loop.length, row);
}

const lines: string[] = [];
for (const [folder, ofFolder] of Map.groupBy(tables, ({ folder }) => folder)) {
  const copy = copyOfPackage(moduleFolder, `${plugins}/${folder}`);
  for (const [file, ofFile] of Map.groupBy(ofFolder, ({ file }) => file))
    copy.write(file, ofFile.reduce(withRecording, copy.read(file)));
  copy.write('shallop_status_test.go', helper(folder));
  const rows = copy.test(`^(${ofFolder.map(({ test }) => test).join('|')})$`);
  lines.push(...rows.map((row) => JSON.stringify(slim(JSON.parse(row)))));
  copy.remove();
}
writeFileSync(target, `[\n${lines.join(',\n')}\n]\n`);

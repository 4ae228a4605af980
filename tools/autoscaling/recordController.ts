/**
 * Writes down what Kubernetes' HPA controller does in each case of its own tests: `node tools/autoscaling/recordController.ts
 * MODULE`, where MODULE is the folder of a Go module that requires k8s.io/kubernetes. The tests run and may not fail; the
 * controller in them has the times that kube-controller-manager gives it instead of those for testing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { copyOfPackage, replaced } from '../upstreamTests/packageCopy.ts';

const [moduleFolder] = process.argv.slice(2);
if (!moduleFolder) throw new Error('usage: node tools/autoscaling/recordController.ts MODULE');
const target = '../../src/shared/controllers/horizontalpodautoscaler/testdata/controller.jsonl.gz';
const copy = copyOfPackage(moduleFolder, 'pkg/controller/podautoscaler');
function change(file: string, changes: [text: string, by: string][]): void {
  copy.write(
    file,
    changes.reduce((source, [text, by]) => replaced(source, text, by), copy.read(file)),
  );
}
change('replica_calculator.go', [
  ['CPUInitializationPeriod       = 2 * time.Minute', 'CPUInitializationPeriod       = 5 * time.Minute'],
  ['InitialReadinessStatus = 10 * time.Second', 'InitialReadinessStatus = 30 * time.Second'],
]);
const runs =
  'runTestWithController(t *testing.T, hpaController *HorizontalController, informerFactory informers.SharedInformerFactory) {';
change('horizontal_test.go', [
  [
    runs,
    `${runs}\n\tif true {\n\t\tshallopReconcile(t, tc, hpaController, informerFactory)\n\t\treturn\n\t}`,
  ],
  // As old, measured by the longer time.
  ['time.Now().Add(-3 * time.Minute)', 'time.Now().Add(-8 * time.Minute)'],
  ['hpaSelectors.PutSelector(', 'shallopPutSelector(hpaSelectors, '],
  // They take the messages out of what they compare.
  [
    'actualConditions := obj.Status.Conditions',
    'actualConditions := append([]autoscalingv2.HorizontalPodAutoscalerCondition{}, obj.Status.Conditions...)',
  ],
]);
copy.write('shallop_reconcile_test.go', readFileSync(join(import.meta.dirname, 'reconcile.go'), 'utf8'));
const tests = [...copy.read('horizontal_test.go').matchAll(/^func (Test\w+)\(/gm)].map(([, name]) => name!);
const rows = copy.test(`^(${tests.filter((name) => name !== 'TestMultipleHPAs').join('|')})$`);

const moment = Date.parse('2026-01-01T00:00:00Z');
/** Says the same whenever it is recorded: times count from a fixed moment, and names that come in any order have one. */
function settled(row: string): Record<string, unknown> {
  const { test, now } = JSON.parse(row) as { test: string; now: string };
  const since = Date.parse(now);
  const all = JSON.parse(row, (_, value: unknown) => {
    if (typeof value !== 'string') return value;
    if (/^\d{4}-\d\d-\d\dT[\d:]+Z$/.test(value) && value > '1971') {
      const tensOfSeconds = Math.round((Date.parse(value) - since) / 10_000);
      return new Date(moment + tensOfSeconds * 10_000).toISOString().replace('.000Z', 'Z');
    }
    return value.replace(
      /multiple HPAs: \[(.*)\]$/,
      (_, names: string) => `multiple HPAs: [${names.split(' ').sort().join(' ')}]`,
    );
  }) as Record<string, unknown>;
  return { test, ...all };
}
const recorded = rows.map((row) => JSON.stringify(settled(row))).sort();
const text = [JSON.stringify({ tests }), ...recorded].join('\n');
writeFileSync(join(import.meta.dirname, target), gzipSync(`${text}\n`, { level: 9 }));
console.log(`${rows.length} cases`);
copy.remove();

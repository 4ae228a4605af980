/**
 * Asks Kubernetes' own CEL what cases answer, and writes cases with answers for src/shared/cel/testdata. The binary is
 * made of ./reference once: `cd tools/cel/reference && GOFLAGS=-mod=mod go build -o /tmp/reference .` (Go 1.25).
 *
 * node tools/cel/record.ts /tmp/reference < cases.jsonl > answers.jsonl
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const cases = readFileSync(0, 'utf8').split('\n').filter(Boolean);
const answers = execFileSync(process.argv[2]!, { input: cases.join('\n'), maxBuffer: 2 ** 28 })
  .toString()
  .split('\n');
for (const [index, line] of cases.entries())
  console.log(JSON.stringify({ ...JSON.parse(line), answer: JSON.parse(answers[index]!) }));

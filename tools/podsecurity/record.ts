/**
 * Asks a real API server about the Pods of Kubernetes' own tests of its security levels:
 * `node tools/podsecurity/record.ts KUBECONFIG`. Needs Go, for fetching the Pods; the server needs nothing but storage.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parse } from 'yaml';
import type { Ask } from '../differential/case.ts';
import { askReference } from '../differential/reference.ts';

const module = 'k8s.io/pod-security-admission@v0.35.4';
/** Those in which checks came or changed. */
const minors = [0, 8, 19, 22, 23, 25, 27, 29, 31, 32, 34, 35];

interface Fixture {
  level: string;
  minor: number;
  /** Of the file of Kubernetes. */
  name: string;
  allowed: boolean;
  pod: unknown;
  /** What the server said; absent where it found the Pod invalid before it came to its level. */
  message?: string;
}

const folder = (
  JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { cwd: '/', encoding: 'utf8' })) as {
    Dir: string;
  }
).Dir;

async function openNamespace(ask: Ask, level: string, minor: number): Promise<string> {
  const name = `level-${level}-${minor}`;
  const labels = {
    'pod-security.kubernetes.io/enforce': level,
    'pod-security.kubernetes.io/enforce-version': `v1.${minor}`,
  };
  await ask({ line: 'POST /api/v1/namespaces', body: { metadata: { name, labels } } });
  await ask({
    line: `POST /api/v1/namespaces/${name}/serviceaccounts`,
    body: { metadata: { name: 'default' } },
  });
  return name;
}

async function record(kubeconfig: string): Promise<void> {
  const ask = askReference(kubeconfig);
  const fixtures: Fixture[] = [];
  for (const level of ['baseline', 'restricted'])
    for (const minor of minors) {
      const namespace = await openNamespace(ask, level, minor);
      for (const verdict of ['pass', 'fail']) {
        const files = join(folder, 'test', 'testdata', level, `v1.${minor}`, verdict);
        for (const file of readdirSync(files).sort()) {
          const pod = parse(readFileSync(join(files, file), 'utf8')) as unknown;
          const answer = await ask({
            line: `POST /api/v1/namespaces/${namespace}/pods?dryRun=All`,
            body: pod,
          });
          const { message = '' } = answer.body as { message?: string };
          const isJudged = answer.status === 403 || answer.status === 201;
          fixtures.push({
            level,
            minor,
            name: file.replace(/\.yaml$/, ''),
            allowed: verdict === 'pass',
            pod,
            ...(isJudged && { message: message.replace(/^.* is forbidden: /, '') }),
          });
        }
      }
    }
  const path = join(import.meta.dirname, '../../src/shared/admission/podsecurity/testdata/fixtures.jsonl.gz');
  const text = `${fixtures.map((each) => JSON.stringify(each)).join('\n')}\n`;
  writeFileSync(path, gzipSync(text, { level: 9 }));
  console.log(
    `${fixtures.length} Pods, ${fixtures.filter(({ message }) => message !== undefined).length} judged`,
  );
}

await record(process.argv[2] ?? '');

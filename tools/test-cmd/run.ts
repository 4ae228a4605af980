/**
 * node tools/test-cmd/run.ts [--reference BIN] [--log FILE] [FUNCTION…]: runs Kubernetes' own suite of command lines
 * (test/cmd, started by hack/make-rules/test-cmd.sh), unmodified, with kubectl on the drop-in for envtest with shallop's
 * controllers; with --reference on etcd, kube-apiserver and kube-controller-manager of that folder. FUNCTION is `kubectl_apply` for
 * run_kubectl_apply_tests. Needs Go with the module proxy or a cache of it, bash, jq, curl and openssl.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { offered } from '../../src/local/envtest/apiserver/controllers.ts';
import { freePort } from '../freePort.ts';
import { builtClient } from './kubectl.ts';
import { type Result, resultsOf } from './results.ts';
import { layOut } from './tree.ts';

const checkout = resolve(import.meta.dirname, '../..');
const cache = join(checkout, '.cache/test-cmd');

const { values, positionals } = parseArgs({
  options: { reference: { type: 'string' }, log: { type: 'string' } },
  allowPositionals: true,
});
const folder = await mkdtemp(join(tmpdir(), 'test-cmd-'));
const log = values.log ?? join(cache, `${values.reference ? 'reference' : 'shallop'}.log`);
try {
  const clients = {
    kubectl: `exec ${await builtClient('kubectl', cache)} "$@"`,
    'kubectl-convert': `exec ${await builtClient('kubectl-convert', cache)} "$@"`,
  };
  const servers = values.reference ? reference(resolve(values.reference)) : await dropIn();
  const { root, shims } = await layOut(folder, { ...clients, ...servers });
  const code = await suite(root, [shims, join(root, '_output/bin')]);
  const results = resultsOf(await readFile(log, 'utf8'));
  tell(results);
  console.log(`the suite ended with ${code}; what it said: ${log}`);
  process.exitCode = results.some(({ passed }) => !passed) || code !== 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}

function reference(bin: string): Record<string, string> {
  return {
    etcd: `exec ${bin}/etcd "$@"`,
    'kube-apiserver': `exec ${bin}/kube-apiserver "$@"`,
    'kube-controller-manager': `exec ${bin}/kube-controller-manager --secure-port="$SECURE_CTLRMGR_PORT" "$@"`,
  };
}

/** All of shallop's controllers run in kube-apiserver. */
async function dropIn(): Promise<Record<string, string>> {
  const main = [process.execPath, join(checkout, 'bin/shallop.js')] as const;
  const { stdout } = await promisify(execFile)(main[0], [main[1], 'envtest']);
  const standIn = `exec ${process.execPath} ${join(import.meta.dirname, 'standIn.ts')}`;
  return {
    etcd: `[ "$1" = --version ] && exec echo etcd Version: 3.6.13\n${standIn} http "$ETCD_PORT"`,
    'kube-apiserver': `SHALLOP_CLUSTER_SIGNING_CERT_FILE=hack/testdata/ca/ca.crt SHALLOP_CLUSTER_SIGNING_KEY_FILE=hack/testdata/ca/ca.key SHALLOP_CONTROLLERS=${Object.keys(offered).join(',')} exec ${stdout.trim()}/kube-apiserver "$@"`,
    'kube-controller-manager': `${standIn} https "$SECURE_CTLRMGR_PORT"`,
  };
}

/** @returns the exit code */
async function suite(root: string, path: string[]): Promise<number> {
  const env = {
    ...process.env,
    PATH: [...path, process.env.PATH].join(':'),
    ETCD_PORT: String(await freePort()),
    SECURE_API_PORT: String(await freePort()),
    SECURE_CTLRMGR_PORT: String(await freePort()),
    SERVICE_ACCOUNT_KEY: join(folder, 'serviceaccount.key'),
    KUBE_JUNIT_REPORT_DIR: join(folder, 'junit'),
    TMPDIR: folder,
    // The server's version says that it is shallop.
    ALLOW_SKEW: '1',
    // Tests of kubeadm, which the suite begins with, are not about an API server.
    KUBEADM_PATH: '/bin/true',
    WHAT: positionals.join(' '),
  };
  const child = spawn('bash', ['hack/make-rules/test-cmd.sh'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  for (const stream of [child.stdout, child.stderr]) stream.pipe(file, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  file.end();
  await once(file, 'finish');
  return code ?? 1;
}

function tell(results: Result[]): void {
  for (const { name, passed, assertions, tail } of results) {
    console.log(`${passed ? 'passed' : 'FAILED'} ${name} (${assertions} assertions)`);
    for (const line of tail) console.log(`    ${line}`);
  }
  const failed = results.filter(({ passed }) => !passed).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
}

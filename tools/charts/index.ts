/**
 * Public charts, installed, upgraded and uninstalled by Helm 3 and 4 on control planes of this checkout: node
 * tools/charts/index.ts FOLDER [NAME…]. FOLDER has a chart in each folder, with the charts that it needs inside; where they
 * come from, docs/operators.md says. Ends with 1 when one of them is not installed whole, or leaves something behind.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ControlPlane, startControlPlane } from '../../examples/demo/server.ts';
import { packagedTool, type ToolVersion } from '../kubectl.ts';

const helms: Record<string, ToolVersion> = { 'Helm 3': 'v32', 'Helm 4': 'v35' };
/** What is not so by default: definitions that a chart leaves to its user, and a chart that is not inside. */
const settings: Record<string, string[]> = {
  'aws-load-balancer-controller': ['--set', 'clusterName=one'],
  'cert-manager': ['--set', 'crds.enabled=true'],
  'external-dns': ['--set', 'policy=sync'],
  'istio-base': ['--set', 'global.istioNamespace=istio-base'],
  istiod: ['--set', 'global.istioNamespace=istiod'],
  'kube-prometheus-stack': ['--set', 'grafana.enabled=false'],
  'mariadb-galera': ['--set', 'rootUser.password=a,galera.mariabackup.password=b,db.password=c'],
  'opentelemetry-operator': ['--set', 'admissionWebhooks.certManager.enabled=false'],
  'redis-cluster': ['--set', 'password=a'],
  velero: [
    '--set',
    'configuration.backupStorageLocation[0].provider=aws,configuration.volumeSnapshotLocation[0].provider=aws',
    '--set',
    'configuration.backupStorageLocation[0].bucket=backups',
  ],
};
/**
 * Secrets that Jobs of hooks write, whose Pods here are records: made beforehand, with the keys that Pods of the chart read.
 */
const written: Record<string, [name: string, ...keys: string[]]> = {
  'argo-cd': ['argocd-redis', 'auth'],
  'ingress-nginx': ['ingress-nginx-admission', 'cert', 'key', 'ca'],
  'kube-prometheus-stack': ['kube-prometheus-stack-admission', 'cert', 'key', 'ca'],
};
const wait = ['--wait', '--timeout', '180s'];

const [folder, ...named] = process.argv.slice(2);
if (!folder) throw new Error('usage: node tools/charts/index.ts FOLDER [NAME…]');
const charts = named.length > 0 ? named : readdirSync(folder).sort();
let failed = 0;
for (const chart of charts)
  for (const helm of Object.keys(helms)) {
    const began = performance.now();
    const said = await tried(chart, helm).catch((error: Error) => {
      failed++;
      return `FAILED ${error.message}`;
    });
    console.log(`${chart} | ${helm} | ${Math.round((performance.now() - began) / 1000)} s | ${said}`);
  }
process.exitCode = failed > 0 ? 1 : 0;

async function tried(chart: string, helm: string): Promise<string> {
  const data = mkdtempSync(join(tmpdir(), 'shallop-charts-'));
  let plane: ControlPlane | undefined;
  try {
    plane = await startControlPlane(data, '--runtime', 'fake');
    return await installed(chart, data, askerOf(helms[helm]!, { HOME: data, KUBECONFIG: plane.kubeconfig }));
  } finally {
    await plane?.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

type Ask = (tool: 'kubectl' | 'helm', ...args: string[]) => Promise<string>;

function askerOf(version: ToolVersion, env: Record<string, string>): Ask {
  const run = promisify(execFile);
  return async (tool, ...args) => {
    const file = packagedTool(tool, version);
    if (!file) throw new Error(`the packaged ${tool} does not run here`);
    return (await run(file, args, { env, maxBuffer: 2 ** 26 })).stdout;
  };
}

/** Returns what was there once it was installed. */
async function installed(chart: string, data: string, ask: Ask): Promise<string> {
  const place = [chart, resolve(folder!, chart), '--namespace', chart];
  const given = [...(settings[chart] ?? []), ...wait];
  await ask('kubectl', 'create', 'namespace', chart);
  // Some objects name another one, so that none may be asked for by an option.
  await ask('kubectl', 'config', 'set-context', '--current', '--namespace', chart);
  const [secret, ...keys] = written[chart] ?? [];
  if (secret) {
    const values = keys.map((key) => `--from-literal=${key}=none`);
    await ask('kubectl', 'create', 'secret', 'generic', secret, '-n', chart, ...values);
  }
  await ask('helm', 'install', ...place, ...given);
  const release = await objectsOf(chart, data, ask);
  const kinds = new Set(release.map((name) => name.split('/')[0]));
  await ask('helm', 'upgrade', ...place, ...given);
  const definitions = await ask('kubectl', 'get', 'customresourcedefinitions', '--output', 'name');
  await ask('helm', 'uninstall', chart, '--namespace', chart, ...wait);
  const left = await ask(
    'kubectl',
    'get',
    'deployments,statefulsets,daemonsets,services',
    '-n',
    chart,
    '-o',
    'name',
  );
  if (left) throw new Error(`left behind: ${left}`);
  const many = definitions.split('\n').filter(Boolean).length;
  return `${release.length} objects of ${kinds.size} kinds, ${many} definitions; installed, upgraded, uninstalled`;
}

/** Names of the objects of a release that are there. Fails when one is not. */
async function objectsOf(chart: string, data: string, ask: Ask): Promise<string[]> {
  const manifest = join(data, 'manifest.yaml');
  writeFileSync(manifest, await ask('helm', 'get', 'manifest', chart, '--namespace', chart));
  const names = await ask('kubectl', 'get', '-f', manifest, '--output', 'name');
  return names.split('\n').filter(Boolean);
}

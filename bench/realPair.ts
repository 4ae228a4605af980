import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority } from '../src/local/pki/make.ts';
import { apiserverFlags, asking, clientPair, writeFiles } from '../test/support/environment.ts';
import { freePort } from '../tools/freePort.ts';
import { pause } from './load.ts';

/** A control plane to measure, whichever it is. */
export interface Opponent {
  kubeconfig: string;
  /** Of all its processes. */
  pids: number[];
  /** Milliseconds from the start of the first of them until it answers that it is ready. */
  readyMs: number;
  stop(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver of the folder `binaries`, which sync what they write. What they store is in `folder`, so
 * that a pair that is started there again begins with it.
 */
export async function startRealPair(binaries: string, folder: string): Promise<Opponent> {
  const certificates = join(folder, 'certificates');
  mkdirSync(certificates, { recursive: true });
  const authority = await makeAuthority(Date.now());
  await writeFiles(certificates, authority);
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const children: ChildProcess[] = [];
  const run = (program: string, flags: Record<string, string>) => {
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    children.push(spawn(join(binaries, program), args, { stdio: 'ignore' }));
  };
  const stop = async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
  };
  const started = performance.now();
  run('etcd', {
    'advertise-client-urls': etcdUrl,
    'data-dir': join(folder, 'etcd'),
    'listen-client-urls': etcdUrl,
    'listen-peer-urls': `http://127.0.0.1:${peerPort}`,
    'log-level': 'error',
    // A thousand definitions and their log are more than the two GiB that it has by itself.
    'quota-backend-bytes': String(8 * 2 ** 30),
  });
  run('kube-apiserver', apiserverFlags(certificates, etcdUrl, port));
  const admin = await clientPair(authority, 'admin', ['system:masters']);
  const ask = asking(port, admin);
  while ((await ask('GET', '/readyz')).code !== 200) {
    if (children.some(({ exitCode }) => exitCode !== null)) {
      await stop();
      throw new Error(`a program of ${binaries} has ended`);
    }
    await pause(20);
  }
  const readyMs = performance.now() - started;
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubeconfigOf(port, admin, join(certificates, 'client-cert-auth-ca.crt')));
  return { kubeconfig, pids: children.map(({ pid }) => pid!), readyMs, stop };
}

const kubeconfigOf = (port: number, pair: { certificate: string; key: string }, authority: string) => {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority': authority };
  const user = {
    'client-certificate-data': base64(pair.certificate),
    'client-key-data': base64(pair.key),
  };
  return JSON.stringify({
    'current-context': 'real',
    clusters: [{ name: 'real', cluster }],
    users: [{ name: 'admin', user }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'admin' } }],
  });
};

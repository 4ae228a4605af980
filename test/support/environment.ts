import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Pair } from '../../src/local/pki/index.ts';
import { createLeaf, makeAuthority, makeServer, x509 } from '../../src/local/pki/make.ts';
import { freePort } from '../../tools/freePort.ts';
import { ended, execute } from './plane.ts';
import { until } from './until.ts';

const command = join(import.meta.dirname, '../../bin/shallop.js');

/** Answers what `shallop envtest` prints, the folder being below `cache`. */
export async function assetsIn(cache: string): Promise<string> {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const { code, stdout, stderr } = await execute(process.execPath, [command, 'envtest'], env);
  if (code !== 0) throw new Error(stderr);
  return stdout.trimEnd();
}

/** Sends a request as somebody and answers the code and the body. */
export type Ask = (
  method: string,
  path: string,
  body?: object,
  contentType?: string,
) => Promise<{ code: number; body: string }>;

/** etcd and kube-apiserver as controller-runtime's envtest starts them. */
export interface RunningEnvironment {
  certDir: string;
  port: number;
  /** Of etcd and of kube-apiserver. */
  pids: number[];
  /** From the start of the first program until the second was healthy. */
  startMs: number;
  /** Somebody with a client certificate, as AddUser makes it. */
  addUser(name: string, ...groups: string[]): Promise<Ask>;
  /** Nobody: no credentials. */
  anonymous: Ask;
  /** Sends SIGTERM to kube-apiserver, then to etcd, and answers their exit codes. */
  stop(): Promise<(number | null)[]>;
}

/** Flags that go before those of envtest; undefined takes one away. */
export type Changes = Record<string, string | undefined>;

/** With the flags, the files and the polls of envtest. `user`: whose processes they are. */
export async function startEnvironment(
  assets: string,
  changes: Changes = {},
  env: NodeJS.ProcessEnv = {},
  user: { uid: number; gid: number } | undefined = undefined,
): Promise<RunningEnvironment> {
  const certDir = mkdtempSync(join(tmpdir(), 'k8s_test_framework_'));
  const authority = await makeAuthority(Date.now());
  const files = await writeFiles(certDir, authority);
  if (user) for (const path of [certDir, ...files]) chownSync(path, user.uid, user.gid);
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const children: ChildProcess[] = [];
  const run = (program: string, flags: Changes) => {
    const args = Object.entries(flags).flatMap(([name, value]) => (value ? `--${name}=${value}` : []));
    const options = { stdio: 'inherit', env: { ...process.env, ...env }, ...user } as const;
    children.push(spawn(join(assets, program), args, options));
  };
  const stop = async () => {
    const codes: (number | null)[] = [];
    for (const child of children.reverse()) {
      await ended(child, 'SIGTERM');
      codes.push(child.exitCode);
    }
    rmSync(certDir, { recursive: true, force: true });
    return codes;
  };
  const anonymous = asking(port);
  const started = performance.now();
  try {
    run('etcd', {
      'advertise-client-urls': etcdUrl,
      'data-dir': certDir,
      'listen-client-urls': etcdUrl,
      'listen-peer-urls': `http://127.0.0.1:${peerPort}`,
      'unsafe-no-fsync': 'true',
    });
    await until('etcd is healthy', () => isHealthy(`${etcdUrl}/health`));
    run('kube-apiserver', { ...apiserverFlags(certDir, etcdUrl, port), ...changes });
    await until('the API is healthy', async () => (await anonymous('GET', '/healthz')).code === 200);
  } catch (error) {
    await stop();
    throw error;
  }
  const startMs = performance.now() - started;
  const addUser = async (name: string, ...groups: string[]) =>
    asking(port, await clientPair(authority, name, groups));
  return { certDir, port, pids: children.map(({ pid }) => pid!), startMs, addUser, anonymous, stop };
}

/** What APIServer.defaultArgs and CertAuthn.Configure say, from 0.19 to 0.25. */
export const apiserverFlags = (certDir: string, etcdUrl: string, port: number) => ({
  'allow-privileged': 'true',
  'authorization-mode': 'RBAC',
  'bind-address': '127.0.0.1',
  'cert-dir': certDir,
  'client-ca-file': join(certDir, 'client-cert-auth-ca.crt'),
  'disable-admission-plugins': 'ServiceAccount',
  'etcd-servers': etcdUrl,
  'secure-port': `${port}`,
  'service-account-issuer': `https://127.0.0.1:${port}/`,
  'service-account-key-file': join(certDir, 'sa-signer.crt'),
  'service-account-signing-key-file': join(certDir, 'sa-signer.key'),
  'service-cluster-ip-range': '10.0.0.0/24',
});

/** Writes certificates and keys for `apiserverFlags`. @returns their paths. */
export async function writeFiles(certDir: string, authority: Pair): Promise<string[]> {
  const { server } = await makeServer(authority, ['localhost', '127.0.0.1'], Date.now());
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const files = {
    'apiserver.crt': server.certificate,
    'apiserver.key': server.key,
    'client-cert-auth-ca.crt': authority.certificate,
    'sa-signer.crt': publicKey.export({ type: 'spki', format: 'pem' }),
    'sa-signer.key': privateKey.export({ type: 'pkcs1', format: 'pem' }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(certDir, name), content);
  return Object.keys(files).map((name) => join(certDir, name));
}

/** A client certificate that an authority signed, valid for an hour. */
export async function clientPair(authority: Pair, name: string, groups: string[]): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const certificate = await createLeaf(authority, {
    subject: new x509.Name([{ CN: [name] }, ...groups.map((O) => ({ O: [O] }))]),
    publicKey: keys.publicKey,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth])],
  });
  return { certificate, key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

/** A client certificate that signed itself, as fabric8's kube-api-test makes them. */
export async function selfSignedClient(name: string): Promise<Pair> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    serialNumber: '01',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

/** Asks as the holder of a certificate, or nobody. A server that does not answer yet answers 0. */
export const asking =
  (port: number, pair?: Pair): Ask =>
  (method, path, body, contentType = 'application/json') =>
    new Promise((resolve) => {
      const headers = body && { 'content-type': contentType };
      const where = { host: '127.0.0.1', port, method, path, agent: false, rejectUnauthorized: false };
      const request = requestHttps(
        { ...where, headers, ...(pair && { cert: pair.certificate, key: pair.key }) },
        async (response) => resolve({ code: response.statusCode ?? 0, body: await text(response) }),
      );
      request.once('error', (error) => resolve({ code: 0, body: error.message }));
      request.end(body && JSON.stringify(body));
    });

const isHealthy = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    getHttp(url, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });

import { webcrypto } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { packagedTool, type ToolVersion } from '../../tools/kubectl.ts';
import { type FakePlane, openFakePlane } from '../support/fakePlane.ts';
import { needs, noTool } from '../support/needs.ts';
import { until } from '../support/until.ts';

const versions: ToolVersion[] = ['v35', 'v32'];

const manifest = (verbs: string) => `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reconciled}
rules:
- {apiGroups: [""], resources: [pods], verbs: [${verbs}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reconciled}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reconciled}
subjects: [{kind: Group, name: readers, apiGroup: rbac.authorization.k8s.io}]
`;

const held = `
apiVersion: v1
kind: ServiceAccount
metadata: {name: holder}
---
apiVersion: v1
kind: Secret
metadata: {name: held, annotations: {kubernetes.io/service-account.name: holder}}
type: kubernetes.io/service-account-token
`;

/** A PKCS #10 request in base64 of its PEM, and the key that it was made with in PEM. */
async function requestFor(name: string): Promise<{ request: string; key: string }> {
  const { x509 } = await import('../../src/local/pki/make.ts');
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ['sign', 'verify']);
  const made = await x509.Pkcs10CertificateRequestGenerator.create({ name, keys, signingAlgorithm });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    request: Buffer.from(made.toString('pem')).toString('base64'),
    key: x509.PemConverter.encode(key, 'PRIVATE KEY'),
  };
}

describe.each(versions)('RBAC with kubectl %s', (version) => {
  const kubectl = packagedTool('kubectl', version);
  const { test: testWithKubectl } = needs(noTool(kubectl));
  let plane: FakePlane | undefined;

  beforeAll(async () => {
    if (kubectl) plane = await openFakePlane('rbac', kubectl);
  });
  afterAll(() => plane?.close());

  const k = (...args: string[]) => plane!.k(...args);
  /** What it says when it fails. */
  const refused = (...args: string[]) =>
    k(...args).then(
      () => 'nothing',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
    );

  testWithKubectl('rights are made by commands and told by can-i', async () => {
    await k('create', 'role', 'reader', '--verb=get,list', '--resource=pods,pods/log');
    await k(
      'create',
      'rolebinding',
      'reader',
      '--role=reader',
      '--user=jane',
      '--serviceaccount=default:default',
    );
    await k('create', 'clusterrole', 'metrics', '--verb=get', '--non-resource-url=/metrics');
    await k('create', 'clusterrolebinding', 'metrics', '--clusterrole=metrics', '--group=monitoring');
    expect(await k('get', 'pods', '--as=jane')).toBe('');
    expect(await refused('get', 'secrets', '--as=jane')).toContain(
      'secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"',
    );
    expect(await k('auth', 'can-i', 'list', 'pods', '--as=system:serviceaccount:default:default')).toBe(
      'yes\n',
    );
    expect(await k('auth', 'can-i', 'get', '/metrics', '--as=x', '--as-group=monitoring')).toBe('yes\n');
    expect(await refused('auth', 'can-i', 'list', 'pods', '--as=jane', '-n', 'kube-system')).toContain('no');
    expect(await k('auth', 'can-i', '--list', '--as=jane')).toMatch(/^pods\s+\[\]\s+\[\]\s+\[get list\]$/m);
  });

  testWithKubectl('a token of an account has the rights of its bindings and no more', async () => {
    const token = (await k('create', 'token', 'default')).trim();
    await k('config', 'set-credentials', 'robot', `--token=${token}`);
    await k('config', 'set-context', 'robot', '--cluster=shallop', '--user=robot');
    const as = ['--context=robot'];
    expect(await k(...as, 'get', 'pods')).toBe('');
    expect(await refused(...as, 'get', 'configmaps')).toContain(
      'User "system:serviceaccount:default:default"',
    );
  });

  testWithKubectl('a Secret holds a token of an account that has no end but the Secret', async () => {
    const file = join(plane!.folder, 'held.yaml');
    writeFileSync(file, held);
    await k('apply', '-f', file);
    const tokenNow = async () =>
      Buffer.from(await k('get', 'secret', 'held', '-o', 'jsonpath={.data.token}'), 'base64').toString();
    await until('the Secret has a token', tokenNow);
    const token = await tokenNow();
    const user = async (name: string, credential: string) => {
      await k('config', 'set-credentials', name, `--token=${credential}`);
      return ['get', 'pods', `--user=${name}`];
    };
    const asHolder = await user('holder', token);
    const refusal = 'User "system:serviceaccount:default:holder" cannot list resource "pods"';
    expect(await refused(...asHolder)).toContain(refusal);

    await k('patch', 'secret', 'held', '--type=merge', '-p', '{"data":{"token":null}}');
    await until('it has another token', async () => ![token, ''].includes(await tokenNow()));
    expect(await refused(...asHolder)).toContain('Unauthorized');
    expect(await refused(...(await user('again', await tokenNow())))).toContain(refusal);

    const bound = await k(
      'create',
      'token',
      'holder',
      '--bound-object-kind=Secret',
      '--bound-object-name=held',
    );
    const asBound = await user('bound', bound.trim());
    expect(await refused(...asBound)).toContain(refusal);
    await k('delete', 'serviceaccount', 'holder');
    await until('the Secret goes with its account', async () =>
      (await refused('get', 'secret', 'held')).includes('NotFound'),
    );
    expect(await refused(...asBound)).toContain('Unauthorized');
  });

  testWithKubectl('auth reconcile adds what is missing and takes away what is asked', async () => {
    const file = join(plane!.folder, 'roles.yaml');
    writeFileSync(file, manifest('get, list'));
    const reconcile = (...args: string[]) => k('auth', 'reconcile', '-f', file, ...args);
    const verbs = () => k('get', 'clusterrole', 'reconciled', '-o', 'jsonpath={.rules[*].verbs[*]}');
    await reconcile();
    expect(await verbs()).toBe('get list');
    writeFileSync(file, manifest('watch'));
    await reconcile();
    expect((await verbs()).split(' ').sort()).toEqual(['get', 'list', 'watch']);
    await reconcile('--remove-extra-permissions');
    expect(await verbs()).toBe('watch');
    expect(await k('auth', 'can-i', 'watch', 'pods', '--as=x', '--as-group=readers')).toBe('yes\n');
  });

  testWithKubectl('an approved request for a certificate is signed, and lets its owner in', async () => {
    const { request, key } = await requestFor('O=monitoring, CN=ada');
    const spec = { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] };
    const object = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' };
    writeFileSync(
      join(plane!.folder, 'csr.json'),
      JSON.stringify({ ...object, metadata: { name: 'ada' }, spec }),
    );
    await k('apply', '-f', join(plane!.folder, 'csr.json'));
    await k('certificate', 'approve', 'ada');
    await k('wait', '--for=jsonpath={.status.certificate}', 'csr/ada', '--timeout=90s');
    const certificate = await k('get', 'csr', 'ada', '-o', 'jsonpath={.status.certificate}');
    writeFileSync(join(plane!.folder, 'ada.crt'), Buffer.from(certificate, 'base64'));
    writeFileSync(join(plane!.folder, 'ada.key'), key);
    const files = [
      `--client-certificate=${join(plane!.folder, 'ada.crt')}`,
      `--client-key=${join(plane!.folder, 'ada.key')}`,
    ];
    await k('config', 'set-credentials', 'ada', ...files);
    await k('config', 'set-context', 'ada', '--cluster=shallop', '--user=ada');
    expect(await k('--context=ada', 'auth', 'can-i', 'get', '/metrics')).toBe('yes\n');
    expect(await refused('--context=ada', 'get', 'pods')).toContain('User "ada" cannot list resource "pods"');
  });

  testWithKubectl('what a cluster begins with comes back at a start, and what was added stays', async () => {
    await k('delete', 'clusterrolebinding', 'system:discovery');
    expect(await refused('get', '--raw', '/api', '--as=jane')).toContain('cannot get path "/api"');
    await k('create', 'clusterrole', 'more', '--verb=get', '--resource=nodes');
    await k('label', 'clusterrole', 'more', 'rbac.authorization.k8s.io/aggregate-to-view=true');
    await plane!.restart();
    expect(await k('get', '--raw', '/api', '--as=jane')).toContain('APIVersions');
    expect(await k('get', 'clusterrole', 'more', '-o', 'name')).toContain('more');
    expect(await k('get', 'clusterrole', 'view', '-o', 'jsonpath={.rules[*].resources[*]}')).toContain(
      'nodes',
    );
  });
});

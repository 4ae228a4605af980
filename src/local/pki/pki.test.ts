import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openPki } from './index.ts';

const now = Date.now();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-pki-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the authority signs a server certificate for every name and an administrator', async () => {
  const pki = await openPki(folder, ['localhost', '127.0.0.1'], now);
  const ca = new X509Certificate(pki.ca);
  const server = new X509Certificate(pki.server.certificate);
  expect(server.verify(ca.publicKey)).toBe(true);
  expect(server.checkHost('localhost')).toBe('localhost');
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(new X509Certificate(pki.admin.certificate).subject).toBe('O=system:masters\nCN=kubernetes-admin');
  expect(statSync(join(folder, 'pki.json')).mode & 0o777).toBe(0o600);
});

test('it is kept, and leaves are renewed for new names and before they end, by the same authority', async () => {
  const first = await openPki(folder, ['localhost'], now);
  expect(await openPki(folder, ['localhost'], now)).toMatchObject({ server: first.server });
  const renamed = await openPki(folder, ['localhost', 'example'], now);
  expect(renamed.ca).toBe(first.ca);
  expect(renamed.server).not.toEqual(first.server);
  const later = await openPki(folder, ['localhost', 'example'], now + 340 * 86_400_000);
  expect(later.ca).toBe(first.ca);
  expect(later.admin).not.toEqual(renamed.admin);
});

test('B4: the key of the administrator is RSA in PKCS #1, which clients in Java read', async () => {
  const { admin } = await openPki(folder, ['localhost'], now);
  expect(admin.key).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  const certificate = new X509Certificate(admin.certificate);
  expect(certificate.publicKey.asymmetricKeyType).toBe('rsa');
  expect(certificate.checkPrivateKey(createPrivateKey(admin.key))).toBe(true);
});

test('B4: a folder of an older version keeps its authority and its token key', async () => {
  const first = await openPki(folder, ['localhost'], now);
  const { tokenKeys, ...rest } = JSON.parse(readFileSync(join(folder, 'pki.json'), 'utf8'));
  const older = { ...rest, tokenKey: tokenKeys[0], admin: first.server };
  writeFileSync(join(folder, 'pki.json'), JSON.stringify(older));
  const opened = await openPki(folder, ['localhost'], now);
  expect(opened).toMatchObject({ ca: first.ca, tokenKeys });
  expect(opened.admin.key).toMatch(/RSA/);
  expect(await openPki(folder, ['localhost'], now)).toMatchObject({ admin: opened.admin });
});

test('each year a new key signs tokens, and those before stay good', async () => {
  const { tokenKeys } = await openPki(folder, ['localhost'], now);
  const later = await openPki(folder, ['localhost'], now + 340 * 86_400_000);
  expect(later.tokenKeys).toEqual([expect.not.stringContaining(tokenKeys[0]!), ...tokenKeys]);
});

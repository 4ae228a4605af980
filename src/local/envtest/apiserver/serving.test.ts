import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Pair } from '../../pki/index.ts';
import { makeAuthority } from '../../pki/make.ts';
import { OptionsError } from './config.ts';
import { signingPair } from './serving.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shallop-signing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function open({ certificate, key }: Pair): Promise<Pair | undefined> {
  const [certificateFile, keyFile] = [join(folder, 'ca.crt'), join(folder, 'ca.key')];
  writeFileSync(certificateFile, certificate);
  writeFileSync(keyFile, key);
  return signingPair({
    SHALLOP_CLUSTER_SIGNING_CERT_FILE: certificateFile,
    SHALLOP_CLUSTER_SIGNING_KEY_FILE: keyFile,
  });
}

test('an authority that can sign is taken', async () => {
  const authority = await makeAuthority(now);
  expect(await open(authority)).toEqual(authority);
});

test.each<{ what: string; change: (made: Pair, other: Pair) => Pair; says: string }>([
  {
    what: 'the key of another',
    change: ({ certificate }, { key }) => ({ certificate, key }),
    says: 'tls: private key does not match public key',
  },
  {
    what: 'two certificates',
    change: ({ certificate, key }, other) => ({ certificate: `${certificate}\n${other.certificate}`, key }),
    says: 'expected 1 certificate, found 2',
  },
  {
    what: 'no certificate',
    change: ({ key }) => ({ certificate: 'none', key }),
    says: 'expected 1 certificate, found 0',
  },
  {
    what: 'what is no key',
    change: ({ certificate }) => ({ certificate, key: 'none' }),
    says: 'error reading CA cert file',
  },
])('an authority with $what stops the start', async ({ change, says }) => {
  const opened = open(change(await makeAuthority(now), await makeAuthority(now)));
  await expect(opened).rejects.toThrow(OptionsError);
  await expect(opened).rejects.toThrow(says);
});

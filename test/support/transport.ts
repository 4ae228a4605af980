import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { openPki, type Pki } from '../../src/local/pki/index.ts';
import { listen, type Transport, type TransportOptions } from '../../src/local/transport/index.ts';

/** What is there while a test runs. */
export interface Listening {
  /** Where the certificates are kept. */
  folder: string;
  pki: Pki;
  /** With what the transport listens. */
  options: TransportOptions;
  transport: Transport;
}

/** Has each test of a file find a transport that listens on this machine; it fails a test that leaves errors behind. */
export function listening(handle: TransportOptions['handle']): Listening {
  const on = {} as Listening;
  const errors: unknown[] = [];
  beforeAll(async () => {
    on.folder = await mkdtemp(join(tmpdir(), 'shallop-transport-'));
    on.pki = await openPki(on.folder, ['localhost', '127.0.0.1'], Date.now());
    on.options = {
      handle,
      bind: '127.0.0.1',
      port: 0,
      tls: { ca: on.pki.ca, ...on.pki.server },
      onError: (error) => void errors.push(error),
    };
  });
  afterAll(() => rm(on.folder, { recursive: true }));
  beforeEach(async () => {
    on.transport = await listen(on.options);
  });
  afterEach(async () => {
    await on.transport.close();
    expect(errors.splice(0)).toEqual([]);
  });
  return on;
}

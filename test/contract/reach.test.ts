import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { openHttpReach } from '../../src/local/drivers/reach/index.ts';
import { beginPki } from '../../src/local/pki/index.ts';
import { reachContract } from './reach.ts';

describe('over HTTP', () => {
  const certificate = (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shallop-reach-'));
    const { server } = await (await beginPki(folder, Date.now()))(['localhost']);
    return { cert: server.certificate, key: server.key };
  })();
  reachContract(async () => ({
    reach: openHttpReach({ isOwnLoopback: (address) => address === '127.0.0.1' }),
    address: '127.0.0.1',
    certificate: await certificate,
  }));
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import type { Emulator } from '../../../tools/emulator/ministack.ts';
import { freePort } from '../../../tools/freePort.ts';

/** What clients of the SDK take. */
interface ClientSettings {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

export const region = 'us-east-1';

/** An account of an emulator. */
export interface Account extends ClientSettings {
  id: string;
  /** A client of it. */
  open<Client>(Client: new (settings: ClientSettings) => Client): Client;
}

/** Has an emulator for the tests around. Each call answers a new account there, in which there is nothing. */
export function accountsOf(
  start: (where: { port: number; run: string }) => Promise<Emulator>,
): () => Account {
  let emulator: Emulator;
  let run: string;
  let accounts = 100_000_000_000;
  // The first start may have to install it.
  beforeAll(async () => {
    run = mkdtempSync(join(tmpdir(), 'shallop-emulator-'));
    emulator = await start({ port: await freePort(), run });
  }, 900_000);
  afterAll(() => {
    emulator?.stop();
    if (run) rmSync(run, { recursive: true, force: true });
  });
  return () => {
    // Most emulators take twelve digits for the account.
    const id = String(++accounts);
    const { endpoint } = emulator;
    const settings = { endpoint, region, credentials: { accessKeyId: id, secretAccessKey: 'test' } };
    return { id, ...settings, open: (Client) => new Client(settings) };
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, createServer, get, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  choosePodNetwork,
  LocalLoadBalancers,
  type LocalNetwork,
} from '../../src/local/drivers/network/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Harness } from './loadBalancers.ts';

/** A place that answers HTTP with its own `address:port`; it can die and come back. */
export interface Place {
  address: string;
  port: number;
  kill(): Promise<void>;
  revive(): Promise<void>;
  /** Requests it saw. */
  seen: number;
}

export interface LocalHarness extends Harness {
  balancers: LocalLoadBalancers;
  places: Place[];
  network: LocalNetwork;
}

/** The local driver on loopback addresses that no other process has, with three small HTTP servers behind it. */
export async function openLocalHarness(): Promise<LocalHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'shallop-network-'));
  const network = await choosePodNetwork({ prefer: 'loopback', folder });
  const open = () =>
    new LocalLoadBalancers({
      clock: systemClock,
      balancerCidr: network.balancerCidr,
      timings: { waitMs: 3_000, quietMs: 50, drainLimitMs: 2_000 },
    });
  const places: Place[] = [];
  for (const uid of ['a', 'b', 'c']) {
    const ref = { cluster: 'default', namespace: 'default', name: uid, uid };
    places.push(await openPlace((await network.pods.setup(ref)).ip));
  }
  places.sort((a, b) => (a.address < b.address ? -1 : 1));
  const harness: LocalHarness = {
    balancers: open(),
    places,
    network,
    visit: (address, port) => fetchText(address, port).catch(() => undefined),
    restart: async () => {
      await harness.balancers.close();
      harness.balancers = open();
    },
    close: async () => {
      await harness.balancers.close();
      for (const place of places) await place.kill();
      await network.close();
      await rm(folder, { recursive: true });
    },
  };
  return harness;
}

async function openPlace(address: string): Promise<Place> {
  let server: Server | undefined;
  const place: Place = {
    address,
    port: 5000,
    seen: 0,
    kill: async () => {
      const dying = server;
      server = undefined;
      if (!dying) return;
      const closed = new Promise((resolve) => dying.close(resolve));
      dying.closeAllConnections();
      await closed;
    },
    revive: async () => {
      const born = createServer((_, response) => {
        place.seen++;
        response.end(`${address}:5000`);
      });
      await new Promise<void>((resolve) => born.listen(5000, address, resolve));
      server = born;
    },
  };
  await place.revive();
  return place;
}

/** One GET; rejects on anything that a client would call a failed request. */
export function fetchText(host: string, port: number, agent = new Agent()): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host, port, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text));
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

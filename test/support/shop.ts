import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { repository } from '../../examples/demo/server.ts';
import { beginPki } from '../../src/local/pki/index.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { kubectlFor } from './plane.ts';
import { until } from './until.ts';

type Cli = ReturnType<typeof kubectlFor>;

export const host = 'shop.example.com';
const image = 'web-and-database:latest';

/** The objects of a file of examples/web-and-database. */
const example = (name: string): object[] =>
  parseAllDocuments(
    readFileSync(join(repository, 'examples', 'web-and-database', `${name}.yaml`), 'utf8'),
  ).map((each) => each.toJS());

const informerPod = {
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'watcher' } },
  spec: {
    serviceAccountName: 'watcher',
    containers: [{ name: 'c', image, command: ['node', '/informer.mjs'] }],
  },
};

/** A Pod with an informer, and an account that has no rights yet. */
export const watcher = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'watcher' } },
  informerPod,
];

/** The example on a control plane, as its users reach it. */
export interface Shop {
  ip: string;
  port: number;
  /** What the application answers through the Ingress, over TLS by the certificate of the Secret. */
  ask(path: string): Promise<string>;
  /** By which Chromium knows the key of a certificate that no authority of its own has signed. */
  spki: string;
}

/** Applies the example with a certificate of its own, and waits until it is served; `folder`: for files. */
export async function openShop(cli: Cli, folder: string): Promise<Shop> {
  const pki = await (await beginPki(join(folder, 'pki'), systemClock.now()))([host]);
  const { ca } = pki;
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  writeFileSync(cert, pki.server.certificate);
  writeFileSync(key, pki.server.key);
  await cli.k('create', 'secret', 'tls', 'shop-tls', `--cert=${cert}`, `--key=${key}`);
  await cli.apply([...example('database'), ...example('web')]);
  await isReady(cli);
  const address = () => cli.k('get', 'ingress', 'web', '-o', 'jsonpath={.status.loadBalancer.ingress[0]}');
  await until('the Ingress has an address', async () => (await address()) !== '');
  const { ip, ports } = JSON.parse(await address());
  const { port } = ports[1];
  const { publicKey } = new X509Certificate(pki.server.certificate);
  const ask = (path: string) =>
    new Promise<string>((resolve, reject) => {
      request(
        { host: ip, port, path, headers: { host }, servername: host, ca, agent: false },
        async (answer) => resolve((await answer.toArray()).join('')),
      )
        .on('error', reject)
        .end();
    });
  await served(ask);
  const key256 = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' }));
  return { ip, port, ask, spki: key256.digest('base64') };
}

/** Until all Pods are. */
export async function isReady({ k }: Cli): Promise<void> {
  await k('rollout', 'status', 'statefulset/database', '--timeout=120s');
  await k('rollout', 'status', 'deployment/web', '--timeout=120s');
}

/** Until the application answers through the Ingress. */
export const served = (ask: Shop['ask']): Promise<void> =>
  until('it is served', () =>
    ask('/name').then(
      (name) => name.startsWith('web-'),
      () => false,
    ),
  );

interface PodFacts {
  metadata: { uid: string };
  status: { containerStatuses: { restartCount: number }[] };
}

/** `UID RESTARTS` of each Pod of the example. */
export async function factsOf({ json }: Cli): Promise<string[]> {
  const { items } = (await json('get', 'pods', '-l', 'app in (web,database)')) as { items: PodFacts[] };
  return items
    .map(({ metadata, status }) => `${metadata.uid} ${status.containerStatuses[0]?.restartCount}`)
    .sort();
}

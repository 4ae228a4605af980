import { charted } from '../charted.ts';
import type { Found, Kit } from '../kit.ts';
import type { Operator, Ports } from '../operator.ts';

const namespace = 'sealed-secrets';
const module = 'github.com/bitnami/sealed-secrets';
const secret = (name: string, value: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: 'default' },
    stringData: { password: value },
  });

/** Secrets that may stand in a repository: sealed by its own command for the key that its controller keeps. */
export const sealedSecrets: Operator = {
  name: 'sealedsecrets',
  module,
  program: `${module}/cmd/controller`,
  commands: [`${module}/cmd/kubeseal`],
  manifests: (folder) => charted(`${folder}/helm/sealed-secrets`, namespace),
  inCluster: true,
  flags: ({ ports }) => [
    `--listen-addr=127.0.0.1:${ports(8080)}`,
    `--listen-metrics-addr=127.0.0.1:${ports(8081)}`,
    '--key-prefix=sealed-secrets-key',
    '--update-status',
  ],
  story,
};

async function story(kit: Kit, ports: Ports): Promise<void> {
  const at = `http://127.0.0.1:${ports(8080)}`;
  const kubeseal = (args: string[], input = '') =>
    kit.command('kubeseal', [`--cert=${at}/v1/cert.pem`, ...args], input);
  await kit.until('makes its key and hands its certificate out', async () =>
    (await kubeseal(['--fetch-cert'])).includes('BEGIN CERTIFICATE'),
  );
  const sealed = await kubeseal([], secret('database', 'hunter2'));
  if (sealed.includes('hunter2')) throw new Error('the Secret is not sealed');
  await answers(`${at}/v1/verify`, sealed);
  await kit.kubectl(['apply', '-f', '-'], sealed);
  const opened = () => kit.find<Found & { data: { password: string } }>('secret', 'database');
  const holds = (value: string) => async () => {
    const found = await opened();
    const isOwned = found?.metadata.ownerReferences?.[0]?.kind === 'SealedSecret';
    return isOwned && Buffer.from(found.data.password, 'base64').toString() === value;
  };
  await kit.until('opens it', holds('hunter2'));
  await kit.until('says that it is in step', async () =>
    JSON.stringify(await kit.get('sealedsecret', 'database')).includes('"type":"Synced"'),
  );
  await kit.kubectl(['apply', '-f', '-'], await kubeseal([], secret('database', 'hunter3')));
  await kit.until('follows a change', holds('hunter3'));
  await kit.kubectl(['delete', 'secret', 'database']);
  await kit.until('makes the Secret again when somebody deletes it', holds('hunter3'));
  const rotated = await answers(`${at}/v1/rotate`, sealed);
  if (rotated === sealed) throw new Error('it was not sealed anew');
  const stolen = JSON.stringify(JSON.parse(sealed)).replaceAll('"database"', '"other"');
  await kit.kubectl(['apply', '-f', '-'], stolen);
  await kit.until('refuses what was sealed for another name', async () => {
    const { status } = await kit.get('sealedsecret', 'other');
    return status?.conditions?.some(({ type, status }) => type === 'Synced' && status === 'False');
  });
  if (await kit.find('secret', 'other'))
    throw new Error('it opened a Secret that was sealed for another name');
  await kit.kubectl(['delete', 'sealedsecret', 'database']);
  await kit.gone('the Secret goes with it', 'secrets', '--field-selector=metadata.name=database');
}

/** What the controller says of a sealed Secret. kubeseal asks it by way of a Service of Pods, of which there are none here. */
async function answers(url: string, body: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
  if (!answer.ok) throw new Error(`the controller answers ${answer.status}`);
  return answer.text();
}

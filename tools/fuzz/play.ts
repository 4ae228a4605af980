import { readFileSync } from 'node:fs';
import { Agent, request as send } from 'node:https';
import { parse } from 'yaml';
import type { FuzzAnswer, FuzzRequest } from './request.ts';
import { resources } from './words.ts';

export type Player = (request: FuzzRequest) => Promise<FuzzAnswer>;

/** Where a server is, and how the administrator gets in: by a token or a client certificate. */
export interface Access {
  server: string;
  tls: { ca?: Buffer; cert?: Buffer; key?: Buffer };
  headers: Record<string, string>;
}

export function accessIn(kubeconfig: string): Access {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const { server } = clusters[0].cluster;
  const pem = (from: Record<string, string>, name: string): Buffer | undefined => {
    const data = from[`${name}-data`];
    if (data) return Buffer.from(data, 'base64');
    return from[name] ? readFileSync(from[name]) : undefined;
  };
  const { user } = users[0];
  const tls = {
    ca: pem(clusters[0].cluster, 'certificate-authority'),
    cert: pem(user, 'client-certificate'),
    key: pem(user, 'client-key'),
  };
  return { server, tls, headers: user.token ? { authorization: `Bearer ${user.token}` } : {} };
}

/** A client of an API server, by the administrator's kubeconfig. */
export function playerFor(kubeconfig: string): Player {
  const { server, tls, headers: token } = accessIn(kubeconfig);
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ...tls });
  return ({ method, path, headers, body }) =>
    new Promise((resolve) => {
      const length = body ? { 'content-length': String(body.length) } : {};
      const options = { method, agent, headers: { ...headers, ...token, ...length }, timeout: 20_000 };
      const outgoing = send(`${server}${path}`, options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', () => resolve({ status: 0, isStatus: false }));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, isStatus: isStatus(Buffer.concat(chunks)) }),
        );
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer')));
      outgoing.on('error', () => resolve({ status: 0, isStatus: false }));
      outgoing.end(body);
    });
}

/** JSON, YAML or protobuf: the kind stands in clear in all of them. */
const isStatus = (body: Buffer) => body.includes('Status');

/** Makes one object of each resource, which the requests are about. Doing it again changes nothing. */
export async function prepare(play: Player): Promise<void> {
  const account = { metadata: { name: 'default' } };
  await post(play, '/api/v1/namespaces/default/serviceaccounts', account);
  for (const { collection, apiVersion, kind, rest } of resources)
    await post(play, collection, {
      apiVersion,
      kind,
      metadata: { name: 'there', labels: { a: 'b' } },
      ...rest,
    });
}

async function post(play: Player, path: string, object: object): Promise<void> {
  const body = Buffer.from(JSON.stringify(object));
  const { status } = await play({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body,
  });
  if (status !== 201 && status !== 409) throw new Error(`POST ${path}: ${status}`);
}

/** The answers to all requests, eight at a time. */
export async function playAll(play: Player, requests: readonly FuzzRequest[]): Promise<FuzzAnswer[]> {
  const answers: FuzzAnswer[] = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < requests.length; i = next++) answers[i] = await play(requests[i]!);
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  return answers;
}

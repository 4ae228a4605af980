import { dirname } from 'node:path/posix';
import {
  type Bad,
  badDefinitions,
  badObjects,
  badWebhooks,
  definitionsPath,
  standing,
  webhooksPath,
} from '../../test/support/badInput.ts';
import { badMaps, lengthyPolicy, standingJudges } from '../../test/support/badPolicies.ts';
import { openWebhookServer } from '../../test/support/webhooks/server.ts';
import type { Subject } from '../bench.ts';
import { type Case, endless } from './endless.ts';

/** Others than the bystander's, at a time. */
const atOnce = 2;

function ofBad({ what, path, body }: Bad): Case {
  const text = JSON.stringify(body);
  return { what, begin: ({ client }) => endless(() => client.call('POST', path, text), atOnce) };
}

/** Some write Secrets about which webhooks are asked that hang, answer rubbish or without end, redirect or are the server. */
const webhooks: Case = {
  what: 'webhooks that hang, answer rubbish, redirect or are the server itself',
  async begin({ client }) {
    const hooks = await openWebhookServer(new Map());
    const { host, port } = client.address;
    const caBundle = client.authority?.toString('base64') ?? '';
    const bad = badWebhooks(hooks, { url: `https://${host}:${port}`, caBundle });
    for (const { configuration } of bad) await client.call('POST', webhooksPath, configuration);
    const ends = await Promise.all(
      bad.map(({ name }) => {
        const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name } };
        return endless(() => client.call('POST', '/api/v1/namespaces/default/secrets', secret), atOnce);
      }),
    );
    return async () => {
      for (const end of ends) await end();
      for (const { name } of bad) await client.call('DELETE', `${webhooksPath}/${name}`);
      await hooks.close();
    };
  },
};

/** Somebody changes a policy of a megabyte again and again, and others use each of its versions. */
const lengthyPolicies: Case = {
  what: 'a policy of a megabyte that changes, and is used',
  async begin({ client }) {
    const { path, body, binding, asked } = lengthyPolicy;
    await client.call('POST', dirname(path), body);
    await client.call('POST', binding.path, binding.body);
    let version = 0;
    return endless(async () => {
      const variables = [{ name: 'version', expression: String(version++) }];
      await client.call('PATCH', path, { spec: { variables } }, 'application/merge-patch+json');
      await client.call('POST', asked.path, asked.body);
    });
  },
};

/** Those who send what costs much and is refused. */
export const badInput: Case[] = [
  ...[...badDefinitions, ...badObjects, ...badMaps].map(ofBad),
  lengthyPolicies,
  webhooks,
];

/** Creates the definitions that bad objects are of, and the policies that judge them. */
export async function prepareBadInput({ client }: Subject): Promise<void> {
  for (const definition of standing) await client.call('POST', definitionsPath, definition);
  for (const { path, body } of standingJudges) await client.call('POST', path, body);
}

/**
 * Asks a real API server every case and writes its answers: `node tools/differential/record.ts KUBECONFIG [area…]`.
 * The server needs nothing but storage; namespace `default` gets its account here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Ask, Case } from './case.ts';
import { areas, standingFor } from './cases/index.ts';
import { parametersKept } from './cases/policyDecisions.ts';
import { differencesOf } from './compare.ts';
import { play } from './play.ts';
import { askReference } from './reference.ts';

const folder = join(import.meta.dirname, '..', '..', 'test', 'differential', 'testdata');

/**
 * A real server learns of roles and bindings a moment after they have been written, and looks once a second for new
 * bindings of policies. It watches webhooks, limits and what happens to namespaces as well.
 */
const patient =
  (ask: Ask): Ask =>
  async (request) => {
    if (request.as || request.line.endsWith('reviews')) await setTimeout(150);
    const answer = await ask(request);
    const { status } = answer;
    if (/^(POST|DELETE) .*policybindings\b/.test(request.line) && status < 300) await setTimeout(1300);
    if (/^POST .*(webhookconfigurations|limitranges|quotas)\b/.test(request.line)) await setTimeout(300);
    if (/^DELETE .*namespaces\/[^/]+$/.test(request.line)) await setTimeout(300);
    return answer;
  };

/** Random cases are asked twice: what a real server tells in another order each time says nothing. */
async function record(kubeconfig: string, wanted: string[]): Promise<void> {
  const ask = patient(askReference(kubeconfig));
  await ask({
    line: 'POST /api/v1/namespaces/default/serviceaccounts',
    body: { metadata: { name: 'default' } },
  });
  for (const [area, cases] of Object.entries(areas)) {
    if (wanted.length > 0 && !wanted.includes(area)) continue;
    await stand(ask, area);
    const lines: string[] = [];
    if (area === 'policy-decisions') for (const request of parametersKept) await ask(request);
    for (const test of unique(cases)) {
      const answer = await play(test, ask);
      if (area.startsWith('random-') && differencesOf(await play(test, ask), answer).length > 0) continue;
      lines.push(JSON.stringify({ ...test, answer }));
    }
    writeFileSync(join(folder, `${area}.jsonl.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
    console.log(`${area}: ${lines.length}`);
  }
}

/** Makes the definitions that cases are about, and waits until the server serves their kinds. */
async function stand(ask: Ask, area: string): Promise<void> {
  for (const request of standingFor(area)) {
    await ask(request);
    const { group, names } = (request.body as { spec: { group: string; names: { plural: string } } }).spec;
    const line = `GET /apis/${group}/v1/${names.plural}`;
    for (let i = 0; i < 100 && (await ask({ line })).status !== 200; i++) await setTimeout(100);
  }
}

function unique(cases: Case[]): Case[] {
  const names = new Map(cases.map((test) => [test.name, test]));
  if (names.size < cases.length) console.log(`${cases.length - names.size} cases have the name of another`);
  return [...names.values()];
}

const [kubeconfig = '', ...wanted] = process.argv.slice(2);
await record(kubeconfig, wanted);

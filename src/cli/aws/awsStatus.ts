import { total } from '../../aws/prices/month.ts';
import { printAs } from '../printAs.ts';
import type { Call, Io } from '../verb.ts';
import type { Bill, NoBill } from './costs/bill.ts';
import { awsCredentials, tokenBy } from './credentials.ts';
import { type Ask, type DeploymentState, deploymentState } from './deployment.ts';
import { figureClients } from './health/clients.ts';
import { type Figures, readFigures } from './health/figures.ts';
import { type Sign, signsOf } from './health/signs.ts';
import { statusLines } from './statusLines.ts';
import { type AwsTarget, targetOf } from './target.ts';
import { openUpstream, type Upstream } from './upstream.ts';
import { type Use, useOf, withUse } from './use.ts';

/** Describes all that `shallop status --aws` tells. */
export interface AwsStatus extends DeploymentState {
  signs: Sign[];
  use: Use;
  /** Present where costs were asked for. */
  billed?: Bill | NoBill;
}

/** `shallop status --aws`: how a deployment is, what to do where something is wrong, and what a month of it costs. */
export async function awsStatus(call: Call, io: Io): Promise<number> {
  const target = await targetOf(call, io);
  const upstream = openUpstream({
    endpoint: target.endpoint,
    newToken: async () => tokenBy(await awsCredentials(target.profile), target, Date.now()),
    now: Date.now,
  });
  const { region, profile } = target;
  const clients = figureClients({ region, ...(profile && { profile }) });
  try {
    const { nat = 'other', release } = target;
    const [state, figures, billed] = await Promise.all([
      deploymentState({ ask: askBy(upstream), nat, zones: 2, ...(release && { release }) }),
      readFigures({ ...target, ...clients, now: Date.now() }),
      call.flag('costs') ? askBill(target) : undefined,
    ]);
    const status = { ...statusOf(target.name, state, figures), ...(billed && { billed }) };
    const form = call.text('output');
    if (form === 'json' || form === 'yaml')
      await printAs(form, { ...target, ...status, total: total(status.month) }, io);
    else for (const line of statusLines(target, status)) io.out(line);
    return status.problem ? 1 : 0;
  } finally {
    clients.close();
    upstream.close();
  }
}

/** Puts together what the API and the account's services told. */
export function statusOf(name: string, state: DeploymentState, figures: Figures): AwsStatus {
  const { cpu, spotCpu } = state.pods;
  const use = useOf(figures.usage);
  const signs = signsOf(name, figures, { onDemand: cpu - spotCpu, spot: spotCpu });
  return { ...state, signs, use, month: withUse(state.month, use) };
}

/** What only those load who ask for it. */
const askBill = async (target: AwsTarget) => (await import('./costs/index.ts')).billOf(target, Date.now());

const askBy =
  ({ send }: Upstream): Ask =>
  async (path) => {
    const { sent, answer } = await send('GET', path, { accept: 'application/json' });
    sent.end();
    const response = await answer;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
  };

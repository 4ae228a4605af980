import { total } from '../../aws/prices/month.ts';
import type { Call, Io } from '../verb.ts';
import { awsCredentials, tokenBy } from './credentials.ts';
import { type Ask, type DeploymentState, deploymentState } from './deployment.ts';
import { type AwsTarget, targetOf } from './target.ts';
import { openUpstream, type Upstream } from './upstream.ts';

/** `shallop status --aws`: how a deployment is, and what a month of it costs as it is now. */
export async function awsStatus(call: Call, io: Io): Promise<number> {
  const target = await targetOf(call, io);
  const upstream = openUpstream({
    endpoint: target.endpoint,
    newToken: async () => tokenBy(await awsCredentials(target.profile), target, Date.now()),
    now: Date.now,
  });
  try {
    const state = await deploymentState({ ask: askBy(upstream), nat: target.nat ?? 'other', zones: 2 });
    if (call.text('output') === 'json') io.out(JSON.stringify({ ...target, ...state }, undefined, 2));
    else for (const line of linesOf(target, state)) io.out(line);
    return state.problem ? 1 : 0;
  } finally {
    upstream.close();
  }
}

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

/** As people read it. Prices are those of us-east-1, of what runs now. */
export function linesOf(
  { name, region, endpoint, nat }: AwsTarget,
  { problem, version, pods, loadBalancers, month }: DeploymentState,
): string[] {
  const $ = (amount: number) => `$${amount.toFixed(2)}`;
  const spot = pods.spot ? `, ${pods.spot} on Spot` : '';
  const waiting = pods.waiting ? `, ${pods.waiting} waiting` : '';
  return [
    `deployment    shallop-${name} in ${region}, ${endpoint}`,
    `ready         ${problem ? `no: ${problem}` : 'yes'}${version ? `, ${version}` : ''}`,
    `Pods          ${pods.running} running${spot}${waiting}; ${pods.cpu} vCPU, ${pods.gigabytes} GB as tasks`,
    `a month       ${$(total(month))} of what runs now, in prices of us-east-1:`,
    `  tasks             ${$(month.tasks)}`,
    `  public addresses  ${$(month.addresses)}`,
    `  NAT               ${nat ? $(month.nat) : 'not known: the network is not of the deployment'}`,
    `  load balancers    ${$(month.loadBalancers)} for ${loadBalancers}`,
    `  control plane     ${$(month.controlPlane)} at rest; requests, open watches, logs and gigabytes come on top`,
  ];
}

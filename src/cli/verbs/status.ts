import type { Instance } from '../../local/datafolder/index.ts';
import { version } from '../../local/version.ts';
import { awsOptions } from '../aws/options.ts';
import { printAs } from '../printAs.ts';
import { type Io, UsageError, type Verb } from '../verb.ts';
import { dataDir } from './options.ts';
import { instanceOf } from './running.ts';

export const status: Verb = {
  name: 'status',
  summary: 'Show whether a control plane runs, and where',
  description:
    'The exit code is 0 when one runs and is ready, 1 otherwise. For a deployment on AWS it shows how late controllers are, which messages were set aside, what was throttled, how much of the quotas is used, what to do about a problem, what a month costs, and the deployed versions. With --costs it asks Cost Explorer too, which costs $0.01 each time.',
  usage: ['status [options]', 'status --aws [--name NAME] [--region REGION] [--costs]'],
  options: {
    ...dataDir,
    aws: { type: 'boolean', help: 'show a deployment on AWS' },
    costs: {
      type: 'boolean',
      help: "with --aws: what AWS billed this month for the deployment's tag; asking costs $0.01",
    },
    ...awsOptions,
    output: { type: 'string', short: 'o', value: 'FORM', choices: ['json', 'yaml'], help: 'json or yaml' },
  },
  progress: 'looking',
  run: async (call, io) => {
    const form = call.text('output');
    if (form !== undefined && form !== 'json' && form !== 'yaml')
      throw new UsageError(`--output must be json or yaml, not ${form}`);
    if (call.flag('aws')) return (await import('../aws/awsStatus.ts')).awsStatus(call, io);
    if (call.flag('costs')) throw new UsageError('--costs can only be used with --aws');
    const { folder, instance } = await instanceOf(call, io);
    if (form) return printState(folder, instance, form, io);
    if (!instance?.url) {
      io.out(instance ? `starting (pid ${instance.pid})` : `nothing runs on ${folder}`);
      return 1;
    }
    const problem = await whyNotReady(folder, instance.url);
    io.out(`running       pid ${instance.pid}, ${instance.url}`);
    io.out(`ready         ${problem ? `no: ${problem}` : 'yes'}`);
    io.out(`data folder   ${folder}`);
    return problem ? 1 : 0;
  },
};

async function printState(
  folder: string,
  instance: Instance | undefined,
  form: 'json' | 'yaml',
  io: Io,
): Promise<number> {
  const problem = instance?.url ? await whyNotReady(folder, instance.url) : 'not started';
  const { pid, url } = instance ?? {};
  const state = { running: !!instance, ready: !problem, pid, url, dataFolder: folder, version };
  await printAs(form, { ...state, ...(instance && problem && { problem }) }, io);
  return problem ? 1 : 0;
}

/** Empty when the control plane is ready. */
async function whyNotReady(folder: string, url: string): Promise<string> {
  const { adminExchange } = await import('../../local/adminClient.ts');
  const exchange = await adminExchange(folder, url);
  const answer = await exchange({ method: 'GET', path: '/readyz', headers: {} }).catch(String);
  if (typeof answer === 'string') return answer;
  return answer.status === 200 ? '' : `${Buffer.from(answer.body)}`.trim();
}

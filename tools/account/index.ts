/**
 * npm run account -- check|prove: what an account lacks, and what only an account can tell (docs/aws.md). `--emulator` puts
 * MiniStack in the place of the account.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { emulatorEnvironment, startMiniStack } from '../emulator/ministack.ts';
import { freePort } from '../freePort.ts';
import { anyKubectl } from '../kubectl.ts';
import { accountPlace } from './account.ts';
import { type Checked, checkAccount, linesOf, mayDeploy } from './check.ts';
import { checks } from './checks/index.ts';
import { emulatorPlace } from './emulator.ts';
import { experiments } from './experiments/index.ts';
import { prove } from './prove.ts';
import { reportOf, troubles } from './report.ts';

const folder = resolve(import.meta.dirname, '../..', '.cache', 'account');

const usage = `npm run account -- check [--name NAME] [--image IMAGE]… [--architecture amd64|arm64]
npm run account -- prove [--name NAME] [--budget DOLLARS] [--minutes N] [--only EXPERIMENT]… [--emulator]

check reads and changes nothing. prove deploys shallop-NAME, tries what only an account can tell, writes a report to
.cache/account and destroys everything again. It asks for the region by AWS_REGION.
Experiments: ${experiments.map(({ name }) => name).join(', ')}.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string' },
    image: { type: 'string', multiple: true, default: [] },
    architecture: { type: 'string', default: 'amd64' },
    budget: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '90' },
    only: { type: 'string', multiple: true },
    emulator: { type: 'boolean', default: false },
  },
});

const verbs: Record<string, () => Promise<number>> = { check, prove: proveAll };
const verb = verbs[positionals[0] ?? ''];
if (verb) process.exitCode = await verb();
else {
  console.error(usage);
  process.exitCode = 2;
}

async function check(): Promise<number> {
  await using _ = await emulatorIfAsked();
  const found = await look(values.name ?? 'default');
  console.log(linesOf(found).join('\n'));
  return mayDeploy(found) ? 0 : 1;
}

const look = (deployment: string): Promise<Checked[]> =>
  checkAccount(checks, {
    deployment,
    images: values.image,
    architecture: values.architecture === 'arm64' ? 'arm64' : 'amd64',
  });

/** What is checked in the emulator needs one that runs; what is deployed there starts its own. */
async function emulatorIfAsked(): Promise<AsyncDisposable> {
  if (!values.emulator || process.env.AWS_ENDPOINT_URL) return { [Symbol.asyncDispose]: async () => {} };
  const emulator = await startMiniStack({ port: await freePort() });
  Object.assign(process.env, emulatorEnvironment(emulator.endpoint));
  return {
    [Symbol.asyncDispose]: async () => {
      emulator.stop();
      for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3']) delete process.env[name];
    },
  };
}

async function proveAll(): Promise<number> {
  const kubectlPath = anyKubectl();
  if (!kubectlPath) throw new Error('kubectl is not here');
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION;
  if (!values.emulator && !region) throw new Error('which region? Set AWS_REGION');
  const name = values.name ?? `prove-${Date.now().toString(36).slice(-5)}`;
  const [budget, minutes] = [Number(values.budget), Number(values.minutes)];
  if (!(budget > 0 && minutes > 0)) throw new Error('--budget and --minutes are positive numbers');
  const checked = values.emulator ? [] : await look(name);
  console.log(linesOf(checked).join('\n'));
  if (!mayDeploy(checked)) return 1;
  const chosen = values.only;
  const unknown = chosen?.filter((each) => !experiments.some((known) => known.name === each));
  if (unknown?.length) throw new Error(`no such experiment: ${unknown.join(', ')}`);
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const proof = await prove({
    place: values.emulator ? emulatorPlace() : accountPlace(region!),
    experiments: chosen ? experiments.filter((each) => chosen.includes(each.name)) : experiments,
    ...{ name, budget, minutes, kubectlPath },
    interrupted: interrupted.signal,
    say: (line) => console.log(line),
    now: Date.now,
  });
  mkdirSync(folder, { recursive: true });
  const at = new Date();
  const file = join(folder, `${name}-${at.toISOString().slice(0, 10)}.md`);
  writeFileSync(file, reportOf(proof, checked, at));
  const wrong = troubles(proof);
  console.log([...wrong, `The report: ${file}`].join('\n'));
  return wrong.length ? 1 : 0;
}

// npm run deploy / destroy: the CDK's command with what this app always wants; `-c key=value` as in docs/aws.md.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callerArn } from './callerArn.ts';
import { accountConcurrency } from './concurrency.ts';
import { destroyAsked, inTerminal } from './destroy.ts';
import { ensureEcsRole } from './ecsRole.ts';
import { makesGatewayRole } from './gatewayRole.ts';
import { prepareRestored } from './table.ts';

const repository = resolve(import.meta.dirname, '..');

export interface CdkOptions {
  /** Beside the process's own. */
  env?: Record<string, string>;
  /** Default: the repository, with its cdk.json. */
  cwd?: string;
  /** Lines of progress; absent: they go where this process's go. */
  say?: (line: string) => void;
}

/** Runs a command of the CDK. Throws an error with the end of its output when it fails. */
export async function cdk(command: string[], { env, say, cwd = repository }: CdkOptions = {}): Promise<void> {
  const args = [...command, '--no-notices', '--no-lookups', '--no-version-reporting'];
  const child = spawn(join(repository, 'node_modules', '.bin', 'cdk'), args, {
    cwd,
    env: {
      ...process.env,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      ...env,
      PATH: `${join(repository, 'node_modules', '.bin')}:${process.env.PATH}`,
    },
    stdio: say ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const more = text.split('\n').filter((line) => line.trim());
      lines.push(...more);
      for (const line of more) say?.(line);
    });
  const code = await new Promise<number | null>((done, fail) =>
    child.once('error', fail).once('close', (status) => done(status)),
  );
  if (code !== 0) throw new Error([`cdk ${command[0]} failed`, ...lines.slice(-30)].join('\n'));
}

/**
 * `-c key=value …`, and for what is not given, what the account knows: the caller is the creator, so many
 * functions may run at the same time, controllers keep some of them where that leaves enough, API Gateway has a role for
 * its logs or gets one, and a restored table gets what a restore leaves out.
 */
export async function contextArgs(context: Record<string, string>): Promise<string[]> {
  const given: Record<string, string> = { ...inFile(), ...context };
  const { name = 'default', creatorArn, concurrency, reserve, gatewayLogRole, table, tableStream } = given;
  const known = concurrency ? {} : await accountConcurrency(name);
  const all = {
    ...context,
    creatorArn: creatorArn ?? (await callerArn()),
    concurrency: concurrency ?? known.concurrency,
    reserve: reserve ?? known.reserve,
    gatewayLogRole: gatewayLogRole ?? (await makesGatewayRole(name)),
    tableStream: tableStream ?? (table && (await prepareRestored(table))),
  };
  return Object.entries(all).flatMap(([key, value]) =>
    value === undefined ? [] : ['-c', `${key}=${value}`],
  );
}

/** What no option has to say, since cdk.json does; an option would win over it. */
const inFile = (): Record<string, string> =>
  JSON.parse(readFileSync(join(repository, 'cdk.json'), 'utf8')).context;

/** The CDK takes a profile as an option, and the region from one variable more than the SDK: both are to see one account. */
export function accountOf(args: string[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const at = args.findIndex((arg) => /^--profile(=|$)/.test(arg));
  const profile = at < 0 ? undefined : args[at]!.split('=')[1] || args[at + 1];
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION;
  return { ...(profile && { AWS_PROFILE: profile }), ...(region && { AWS_REGION: region }) };
}

async function main([command = 'deploy', ...args]: string[]): Promise<void> {
  if (command === 'destroy') {
    Object.assign(process.env, accountOf(args, process.env));
    const destroy = (more: string[]) => cdk([command, ...more]);
    return destroyAsked(args, inTerminal({ destroy, usualName: inFile().name }));
  }
  if (command !== 'deploy') return cdk([command, ...args]);
  Object.assign(process.env, accountOf(args, process.env));
  const missing = await ensureEcsRole();
  if (missing) console.error(`Whether ECS has its role in this account is not known: ${missing}`);
  const given = Object.fromEntries(
    args
      .filter((arg) => /^(name|creatorArn|concurrency|reserve|gatewayLogRole|table|tableStream)=/.test(arg))
      .map((arg) => arg.split(/=(.*)/s)),
  );
  await cdk([command, '--require-approval', 'never', ...args, ...(await contextArgs(given))]);
}

if (process.argv[1] === import.meta.filename)
  main(process.argv.slice(2)).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });

import type { KeyValuePair, Secret } from '@aws-sdk/client-ecs';
import type { Container } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import { type EnvEntry, traceEnv } from '../../../shared/podspec/env.ts';
import { expand } from '../../../shared/podspec/expand.ts';
import { secretArn, type Views } from './context.ts';

/** Describes how a container is run: the definition's part, which its siblings share, and what is this Pod's alone. */
export interface Invocation {
  entryPoint?: string[];
  command?: string[];
  environment: KeyValuePair[];
  secrets: Secret[];
  own: { command?: string[]; environment: KeyValuePair[] };
}

/** Throws ConfigError for what is not there or cannot be handed over. */
export async function invocationOf(container: Container, views: Views): Promise<Invocation> {
  const env = await traceEnv(container, views.own);
  const neutral = await traceEnv(container, views.neutral);
  const secrets: Secret[] = [];
  const environment: KeyValuePair[] = [];
  const own: KeyValuePair[] = [];
  for (const name of Object.keys(env).sort()) {
    const { value, secret, holds } = env[name]!;
    if (holds)
      throw new ConfigError(
        `env ${name} expands $(${holds}), which comes from a Secret: on Fargate a Secret's value reaches a container only as it is`,
      );
    if (secret) secrets.push({ name, valueFrom: `${await secretArn(views, secret.name)}:${secret.key}::` });
    else if (neutral[name]?.value === value) environment.push({ name, value });
    else own.push({ name, value });
  }
  const { ref, pod } = views.own;
  if (!env.HOSTNAME) own.push({ name: 'HOSTNAME', value: pod.spec?.hostname || ref.name });
  return {
    ...programs(container, env, neutral),
    environment,
    secrets,
    own: { ...ownCommand(container, env, neutral), environment: own },
  };
}

type Env = Record<string, EnvEntry>;

/**
 * An override replaces a definition's command but not its entry point, so that all but the program itself stands in
 * the command.
 */
function programs(container: Container, env: Env, neutral: Env): Pick<Invocation, 'entryPoint' | 'command'> {
  const [line, other] = [lineOf(container, env), lineOf(container, neutral)];
  const named = Boolean(container.command?.length);
  if (named && line[0] !== other[0])
    throw new ConfigError('the program itself cannot differ from Pod to Pod on Fargate');
  const command = named ? other.slice(1) : other;
  return { ...(named && { entryPoint: line.slice(0, 1) }), ...(command.length > 0 && { command }) };
}

function ownCommand(container: Container, env: Env, neutral: Env): { command?: string[] } {
  const [line, other] = [lineOf(container, env), lineOf(container, neutral)];
  if (line.every((word, i) => word === other[i])) return {};
  return { command: container.command?.length ? line.slice(1) : line };
}

function lineOf({ command = [], args = [] }: Container, env: Env): string[] {
  return [...command, ...args].map((word) =>
    expand(word, (name) => {
      if (env[name]?.secret)
        throw new ConfigError(
          `the command expands $(${name}), which comes from a Secret: read it in the program instead`,
        );
      return env[name]?.value;
    }),
  );
}

import { createHash } from 'node:crypto';
import type {
  ContainerDefinition,
  ContainerDependency,
  ContainerOverride,
  RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import { isSidecar } from '../../../shared/podspec/restart.ts';
import { tags } from '../tags.ts';
import { containerOf, logConfiguration } from './container.ts';
import type { Views } from './context.ts';
import { type Invocation, invocationOf } from './environment.ts';
import { type Filling, fillingMounts, fillingOf } from './files.ts';
import { placementOf } from './nodes.ts';
import type { FargateSettings } from './options.ts';
import { tokenKeeperOf } from './podTokens.ts';
import { sleeper } from './probes.ts';
import { repositoryCredentials } from './registryCredentials.ts';
import { containerSizes, diskSize, requested, roundUp } from './sizes.ts';

/** Describes what a Pod becomes: a definition that Pods of the same template share, and what is its own. */
export interface Blueprint {
  definition: RegisterTaskDefinitionCommandInput;
  overrides: ContainerOverride[];
}

export const projector = 'shallop-projector';
export const keeper = 'shallop-keeper';

const mostContainers = 10;
const mostDefinitionBytes = 64 * 1024;

/**
 * Everything that has to be known before a task can start. Throws ConfigError, whose reason and message are those of
 * the waiting containers.
 */
export async function blueprintOf(views: Views, settings: FargateSettings): Promise<Blueprint> {
  const { pod } = views.own;
  const spec = pod.spec!;
  const inits = spec.initContainers ?? [];
  const all = [...inits, ...spec.containers];
  const size = roundUp(requested(spec))!;
  const sizes = containerSizes(spec, size);
  const filling = await fillingOf(views);
  const before: ContainerDependency[] = [];
  const definitions: ContainerDefinition[] = [];
  const overrides: ContainerOverride[] = [];
  if (filling.filled.length || filling.tokens) {
    definitions.push(projectorOf(filling, settings));
    overrides.push({ name: projector, environment: filling.own });
    before.push({ containerName: projector, condition: 'SUCCESS' });
  }
  const needsKeeper = keepsRunning(pod);
  for (const container of all) {
    const init = inits.includes(container);
    const invocation = await invocationOf(container, views);
    const { main, helpers } = containerOf(container, invocation, {
      pod,
      settings,
      ...(sizes.get(container.name) && { size: sizes.get(container.name) }),
    });
    const credentials = await repositoryCredentials(container.image ?? '', views);
    definitions.push(
      {
        ...main,
        ...(credentials && { repositoryCredentials: credentials }),
        essential: !init && !needsKeeper,
        ...(before.length > 0 && { dependsOn: [...before] }),
      },
      ...helpers,
    );
    overrides.push(overrideOf(container, invocation));
    if (init) before.push(dependency(container, main));
  }
  if (filling.tokens)
    definitions.push({
      ...tokenKeeperOf(filling.tokens, fillingMounts(filling.filled), settings),
      dependsOn: [{ containerName: projector, condition: 'SUCCESS' }],
    });
  if (needsKeeper)
    definitions.push({ name: keeper, image: settings.projectorImage, essential: true, ...sleeper });
  // A Pod that is not measured is better than one that does not run.
  if (definitions.length > mostContainers && filling.tokens?.files === 0)
    return blueprintOf({ ...views, tellsEvery: undefined }, settings);
  if (definitions.length > mostContainers)
    throw new ConfigError(
      `Pod not supported on Fargate: it needs ${definitions.length} containers (${definitions.length - all.length} of them for volumes, tokens and probes), a task has at most ${mostContainers}`,
    );
  return { definition: await named(views, definitions, filling, settings), overrides };
}

/**
 * A task ends with its first essential container. Where each of several containers may end for good by itself, one
 * that only waits is the essential one, and the task is stopped when all are done.
 */
export const keepsRunning = ({ spec }: Pod): boolean =>
  spec !== undefined && spec.containers.length > 1 && (spec.restartPolicy ?? 'Always') !== 'Always';

const projectorOf = (
  { filled, script, environment, secrets, tokens }: Filling,
  settings: FargateSettings,
): ContainerDefinition => ({
  name: projector,
  image: settings.projectorImage,
  essential: false,
  user: '0',
  entryPoint: ['sh', '-c'],
  command: [script],
  environment,
  secrets,
  mountPoints: [...fillingMounts(filled), ...(tokens ? [tokens.kept] : [])],
  ...(tokens && { logConfiguration: logConfiguration(settings) }),
});

function dependency(container: Container, { healthCheck }: ContainerDefinition): ContainerDependency {
  const containerName = container.name;
  if (!isSidecar(container, true)) return { containerName, condition: 'SUCCESS' };
  return { containerName, condition: healthCheck && container.startupProbe ? 'HEALTHY' : 'START' };
}

const overrideOf = ({ name }: Container, { own }: Invocation): ContainerOverride => ({
  name,
  ...(own.command && { command: own.command }),
  environment: own.environment,
});

async function named(
  views: Views,
  containerDefinitions: ContainerDefinition[],
  filling: Filling,
  settings: FargateSettings,
): Promise<RegisterTaskDefinitionCommandInput> {
  const { pod } = views.own;
  const spec = pod.spec!;
  const size = roundUp(requested(spec))!;
  const disk = diskSize(spec);
  const role = (await roleOf(views, settings.deployment)) ?? settings.taskRole;
  const definition = {
    networkMode: 'awsvpc' as const,
    ...(spec.shareProcessNamespace && { pidMode: 'task' as const }),
    requiresCompatibilities: ['FARGATE' as const],
    cpu: String(size.cpu),
    memory: String(size.memory),
    runtimePlatform: {
      cpuArchitecture:
        placementOf(pod, settings).architecture === 'amd64' ? ('X86_64' as const) : ('ARM64' as const),
      operatingSystemFamily: 'LINUX' as const,
    },
    ...(disk && { ephemeralStorage: { sizeInGiB: disk } }),
    executionRoleArn: settings.executionRole,
    ...(role && { taskRoleArn: role }),
    containerDefinitions,
    volumes: filling.volumes,
  };
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > mostDefinitionBytes)
    throw new ConfigError(
      `Pod not supported on Fargate: its environment and files make a task definition of ${Math.ceil(bytes / 1024)} KiB, ECS takes 64`,
    );
  return {
    family: `shallop-${settings.deployment}-${hashOf(definition)}`,
    ...definition,
    tags: [{ key: tags.deployment, value: settings.deployment }],
  };
}

/**
 * The role that the Pod's account names. It has to be under a path of this account: otherwise a user who may edit accounts
 * in one namespace could give its Pods the role of any other. Throws ConfigError, which names the path.
 */
async function roleOf({ own }: Views, deployment: string): Promise<string | undefined> {
  const name = own.pod.spec?.serviceAccountName || 'default';
  const account = await own.sources.serviceAccount?.(name);
  const role = account?.metadata.annotations?.['eks.amazonaws.com/role-arn'];
  const path = `/shallop/${deployment}/${own.ref.cluster}/${own.ref.namespace}/${name}/`;
  if (role && !/^arn:[^:]+:iam::[^:]*:role\//.test(role.slice(0, role.indexOf('/') + 1)))
    throw new ConfigError(`${JSON.stringify(role)} is not the ARN of a role`);
  if (role && !role.slice(role.indexOf('/')).startsWith(path))
    throw new ConfigError(`serviceaccount "${name}" may have roles under the path ${path} only, not ${role}`);
  return role;
}

/** The same for the same content, however its keys are ordered; absent and undefined are the same. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, 32);

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`)
    .join(',')}}`;
}

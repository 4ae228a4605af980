import type {
  ContainerDefinition,
  ContainerDependency,
  ContainerOverride,
  MountPoint,
  RegisterTaskDefinitionCommandInput,
} from '@aws-sdk/client-ecs';
import type { Container, Pod } from '../../../shared/kinds/schema/types.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import { isSidecar } from '../../../shared/podspec/restart.ts';
import { tags } from '../tags.ts';
import { containerOf, logConfiguration } from './container.ts';
import type { Views } from './context.ts';
import { type Invocation, invocationOf } from './environment.ts';
import { type Filling, fillingMounts, fillingOf, root } from './files.ts';
import { hashOf } from './hash.ts';
import { type HookLeftOut, preStopHelper, preStopsCrowdedOut, withoutPreStop } from './hooks.ts';
import { placementOf } from './nodes.ts';
import type { FargateSettings } from './options.ts';
import { tokenKeeperOf } from './podTokens.ts';
import { sleeper } from './probes.ts';
import { repositoryCredentials } from './registryCredentials.ts';
import { containerSizes, diskSize, requested, roundUp } from './sizes.ts';
import { type Start, toolsVolume } from './starterScript.ts';
import { started, startOf, toolSteps, toolsMount } from './starting.ts';
import { withSubPaths } from './subPaths.ts';
import { mountsOf } from './volumes.ts';

/** Describes what a Pod becomes: a definition that Pods of the same template share, and what is its own. */
export interface Blueprint {
  definition: RegisterTaskDefinitionCommandInput;
  overrides: ContainerOverride[];
  /** What to tell of hooks that found no place in the task. */
  crowdedOut?: HookLeftOut[];
}

export const projector = 'shallop-projector';
export const keeper = 'shallop-keeper';

const mostContainers = 10;
const mostDefinitionBytes = 64 * 1024;

/**
 * Everything that has to be known before a task can start. Throws ConfigError, whose reason and message are those of
 * the waiting containers.
 */
export async function blueprintOf(asked: Views, settings: FargateSettings): Promise<Blueprint> {
  const views = await withSubPaths(asked);
  const { pod } = views.own;
  const spec = pod.spec!;
  const inits = spec.initContainers ?? [];
  const all = containersOf(pod);
  const sizes = containerSizes(spec, roundUp(requested(spec))!);
  const volumes = await fillingOf(views);
  const runs = await Promise.all(all.map((container) => runOf(container, views, volumes.files)));
  const filling = withTools(
    volumes,
    runs.flatMap(({ start }) => start ?? []),
  );
  const before: ContainerDependency[] = [];
  const definitions: ContainerDefinition[] = [];
  const overrides: ContainerOverride[] = [];
  if (filling.filled.length || filling.tokens) {
    definitions.push(projectorOf(filling, settings));
    overrides.push({ name: projector, environment: filling.own });
    before.push({ containerName: projector, condition: 'SUCCESS' });
  }
  const needsKeeper = keepsRunning(pod);
  for (const { container, invocation, mountPoints, start } of runs) {
    const init = inits.includes(container);
    const size = sizes.get(container.name);
    const { main, helpers } = containerOf(container, invocation, {
      pod,
      settings,
      mountPoints,
      ...(size && { size }),
      ...(start && { start }),
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
      ...tokenKeeperOf(filling.tokens, fillingMounts(volumes.filled), settings),
      dependsOn: [{ containerName: projector, condition: 'SUCCESS' }],
    });
  const preStop = preStopHelper(pod, settings.projectorImage);
  if (preStop) definitions.push(preStop);
  if (needsKeeper)
    definitions.push({ name: keeper, image: settings.projectorImage, essential: true, ...sleeper });
  // A Pod that is not measured is better than one that does not run.
  if (definitions.length > mostContainers && filling.tokens?.files === 0)
    return blueprintOf({ ...views, tellsEvery: undefined }, settings);
  if (definitions.length > mostContainers && preStop)
    return { ...(await blueprintOf(unhooked(views), settings)), crowdedOut: preStopsCrowdedOut(pod) };
  if (definitions.length > mostContainers)
    throw new ConfigError(
      `Pod not supported on Fargate: it needs ${definitions.length} containers (${definitions.length - all.length} of them for volumes, tokens, probes and hooks), a task has at most ${mostContainers}`,
    );
  return { definition: await named(views, definitions, filling, settings), overrides };
}

const unhooked = (views: Views): Views => ({
  ...views,
  own: { ...views.own, pod: withoutPreStop(views.own.pod) },
  neutral: { ...views.neutral, pod: withoutPreStop(views.neutral.pod) },
});

/** Describes how a container runs: its program, whatever has to be done around that, and what it has of the volumes. */
interface Run {
  container: Container;
  invocation: Invocation;
  mountPoints: MountPoint[];
  start?: Start;
}

async function runOf(container: Container, views: Views, files: ReadonlySet<string>): Promise<Run> {
  const invocation = await invocationOf(container, views);
  const mounted = mountsOf(container, views.own.pod, files);
  const start = startOf(container, invocation, mounted);
  if (!start) return { container, invocation, mountPoints: mounted.points };
  const mountPoints = [...mounted.points, toolsMount];
  return { container, invocation: started(invocation, start), mountPoints, start };
}

/** The tools of what starts programs are one more volume to be filled, after the others. */
function withTools(filling: Filling, starts: Start[]): Filling {
  if (starts.length === 0) return filling;
  return {
    ...filling,
    volumes: [...filling.volumes, { name: toolsVolume }],
    filled: [...filling.filled, toolsVolume],
    script: [filling.script, ...toolSteps(`${root}/${toolsVolume}`, starts)].join('\n'),
  };
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
  // Without either it has nothing to say.
  ...((tokens || filled.includes(toolsVolume)) && { logConfiguration: logConfiguration(settings) }),
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

import type { ContainerOverride, RunTaskCommandInput } from '@aws-sdk/client-ecs';
import type { Pod } from '../../../shared/kinds/schema/types.ts';
import { ConfigError } from '../../../shared/podspec/context.ts';
import type { PodRef } from '../../../shared/ports/cloud.ts';
import type { Blueprint } from './definition.ts';
import { type Attempt, attemptValue, attemptVariable, podValue, podVariable, taskTags } from './identity.ts';
import { placementOf } from './nodes.ts';
import type { FargateSettings } from './options.ts';

const mostOverrideChars = 8192;

/** Starts one task for one attempt of a Pod: asked again, it is the same task. Throws ConfigError. */
export function runTaskRequest(
  ref: PodRef,
  pod: Pod,
  attempt: Attempt,
  { definition, overrides }: Blueprint,
  settings: FargateSettings,
): RunTaskCommandInput {
  const { spot, subnets } = placementOf(pod, settings);
  const containerOverrides = overrides.map((each, i) =>
    i === 0 ? withIdentity(each, ref, attempt, settings) : each,
  );
  const length = JSON.stringify({ containerOverrides }).length;
  if (length > mostOverrideChars)
    throw new ConfigError(
      `Pod not supported on Fargate: what differs from its siblings takes ${length} characters, ECS takes ${mostOverrideChars}`,
    );
  return {
    cluster: settings.cluster,
    taskDefinition: definition.family,
    count: 1,
    clientToken: `${ref.uid}-${attempt.number}`,
    startedBy: ref.uid,
    ...(spot
      ? { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }
      : { launchType: 'FARGATE' }),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets,
        securityGroups: settings.securityGroups,
        assignPublicIp: settings.publicIp ? 'ENABLED' : 'DISABLED',
      },
    },
    // ECS refuses it for tasks without a role, whose agent could reach nothing.
    ...(definition.taskRoleArn && { enableExecuteCommand: true }),
    overrides: { containerOverrides },
    tags: taskTags(settings.deployment, ref),
  };
}

const withIdentity = (
  override: ContainerOverride,
  ref: PodRef,
  attempt: Attempt,
  { deployment }: FargateSettings,
): ContainerOverride => ({
  ...override,
  environment: [
    ...(override.environment ?? []),
    { name: podVariable, value: podValue(deployment, ref) },
    { name: attemptVariable, value: attemptValue(attempt) },
  ],
});

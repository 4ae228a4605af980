import type { RegisterTaskDefinitionCommandInput, RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { fargateSizes } from '../../../src/aws/drivers/pods/sizes.ts';

/** An error as an SDK of AWS throws it. */
export const awsError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name, $fault: 'client' });

/** Refuses what ECS refuses of a definition. */
export function checkDefinition({
  containerDefinitions = [],
  cpu,
  memory,
}: RegisterTaskDefinitionCommandInput): void {
  const refuse = (message: string) => awsError('ClientException', message);
  const memories = fargateSizes.find(([each]) => String(each) === cpu)?.[1];
  if (!memories?.some((each) => String(each) === memory))
    throw refuse("No Fargate configuration exists for given values: check the 'cpu' and 'memory'.");
  if (containerDefinitions.length > 10) throw refuse('A task definition has at most 10 containers.');
  if (!containerDefinitions.some(({ essential }) => essential !== false))
    throw refuse('A task definition must have at least one essential container.');
  const mapped = containerDefinitions.flatMap(({ portMappings = [] }) =>
    portMappings.map(({ protocol, containerPort }) => `${protocol} ${containerPort}`),
  );
  const twice = mapped.find((each, i) => mapped.indexOf(each) !== i);
  if (twice) throw refuse(`host port '${twice}' is mapped multiple times in task.`);
  if (containerDefinitions.some((c) => (c.memory ?? Number.POSITIVE_INFINITY) <= (c.memoryReservation ?? 0)))
    throw refuse('memory must be greater than memoryReservation.');
  const limits = containerDefinitions.reduce((sum, c) => sum + (c.memory ?? c.memoryReservation ?? 0), 0);
  const shares = containerDefinitions.reduce((sum, c) => sum + (c.cpu ?? 0), 0);
  if (shares > Number(cpu)) throw refuse("The containers' cpu exceeds the task's.");
  if (limits > Number(memory)) throw refuse("The containers' memory exceeds the task's.");
  for (const { dependsOn = [] } of containerDefinitions)
    for (const { containerName, condition } of dependsOn) {
      const other = containerDefinitions.find(({ name }) => name === containerName);
      if (!other) throw refuse(`dependsOn names ${containerName}, which is no container of the task.`);
      if (condition !== 'START' && condition !== 'HEALTHY' && other.essential !== false)
        throw refuse(`The essential container ${containerName} cannot have ${condition} waited for.`);
      if (condition === 'HEALTHY' && !other.healthCheck)
        throw refuse(`${containerName} has no health check.`);
    }
}

/** Refuses what ECS refuses of a start. */
export function checkRun(input: RunTaskCommandInput, definition: RegisterTaskDefinitionCommandInput): void {
  const refuse = (message: string) => awsError('InvalidParameterException', message);
  const names = definition.containerDefinitions?.map(({ name }) => name) ?? [];
  for (const { name } of input.overrides?.containerOverrides ?? [])
    if (!names.includes(name)) throw refuse(`Override for ${name}, which is no container of the definition.`);
  if (JSON.stringify(input.overrides ?? {}).length > 8192) throw refuse('The overrides are too long.');
  if ((input.clientToken ?? '').length > 64) throw refuse('The client token is too long.');
  if (!/^[\w/-]{1,128}$/.test(input.startedBy ?? '')) throw refuse('startedBy is not valid.');
}

import { RegisterTaskDefinitionCommand, RunTaskCommand } from '@aws-sdk/client-ecs';
import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { DeployedCloud } from './deployedCloud.ts';

const family = 'app';

/** A cloud with one task that has come to run, of which nothing more is to be told. */
async function atRest() {
  const clock = new ManualClock();
  const told: string[] = [];
  const cloud = new DeployedCloud(
    clock,
    () => 0.5,
    (body) => told.push(JSON.parse(body).detail.lastStatus),
  );
  /** Looks whenever the cloud says that something may change. */
  const rest = async () => {
    while (cloud.nextAt !== Number.POSITIVE_INFINITY) {
      await clock.advance(Math.max(0, cloud.nextAt - clock.now()));
      cloud.tick();
    }
  };
  const containerDefinitions = [{ name: 'c', image: 'app:0' }];
  const definition = { family, cpu: '256', memory: '512', containerDefinitions };
  await cloud.ecs.send(new RegisterTaskDefinitionCommand(definition));
  await cloud.ecs.send(new RunTaskCommand({ taskDefinition: family, startedBy: 'uid' }));
  await rest();
  const interrupt = () =>
    cloud.ecs.stopTask(
      cloud.running[0]?.taskArn ?? '',
      'SpotInterruption',
      'Your Spot Task was interrupted.',
    );
  return { clock, cloud, told, rest, interrupt };
}

test('a task that AWS stops while nobody asks for anything is told of, step by step', async () => {
  const { cloud, told, rest, interrupt } = await atRest();
  cloud.ecs.setImage('app:0', { termMs: 4_000 });
  expect(told).toEqual(['PROVISIONING', 'RUNNING']);
  interrupt();
  expect(cloud.nextAt).toBeLessThan(Number.POSITIVE_INFINITY);
  await rest();
  expect(told).toEqual(['PROVISIONING', 'RUNNING', 'DEPROVISIONING', 'STOPPED']);
});

test('a stop that nobody looked at in time ends the history', async () => {
  const { clock, cloud, interrupt } = await atRest();
  interrupt();
  await clock.advance(60_000);
  expect(() => cloud.tick()).toThrow(/ went from RUNNING\S* to DELETED\S*, and nobody looked between$/);
});

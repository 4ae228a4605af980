import { expect, test } from '@jest/globals';
import { fakeEcsWorld } from '../../../../test/support/aws/fakeEcsWorld.ts';

/** A deployment with so many definitions that no task runs with, and one Pod. */
async function templates(count: number) {
  const world = fakeEcsWorld();
  const { ecs, run, runtime, step } = world;
  for (let i = 0; i < count; i++) {
    const family = `shallop-test-${String(i).padStart(32, '0')}`;
    ecs.definitions.set(family, { family, containerDefinitions: [] });
  }
  ecs.definitions.set('shallop-test-2-other', { family: 'shallop-test-2-other', containerDefinitions: [] });
  const ref = await run('app');
  await step(5_000);
  return { ...world, ref, runtime };
}

const called = (ecs: { calls: { name: string }[] }, name: string) =>
  ecs.calls.filter((call) => call.name === name).length;

test('D5: definitions that no task runs with are removed ten at a time, beyond a hundred', async () => {
  const { driver, ecs } = await templates(125);
  await driver.tidy!();
  expect(called(ecs, 'DeregisterTaskDefinition')).toBe(10);
  await driver.tidy!();
  expect(called(ecs, 'DeregisterTaskDefinition')).toBe(20);
  expect(called(ecs, 'DeleteTaskDefinitions')).toBe(1);
  for (let i = 0; i < 5; i++) await driver.tidy!();
  expect(called(ecs, 'DeregisterTaskDefinition')).toBe(25);
});

test('D5: one that runs stays, and those of another deployment', async () => {
  const { driver, ecs, runtime, ref } = await templates(150);
  for (let i = 0; i < 8; i++) await driver.tidy!();
  const family = ecs.tasks()[0]?.taskDefinitionArn ?? '';
  expect(ecs.definitions.has(family)).toBe(true);
  expect(ecs.definitions.has('shallop-test-2-other')).toBe(true);
  expect(runtime.seen(ref)).toMatchObject({ stopped: false });
});

test('D5: few definitions cost two lists', async () => {
  const { driver, ecs } = await templates(3);
  const before = ecs.calls.length;
  await driver.tidy!();
  expect(ecs.calls.slice(before).map(({ name }) => name)).toEqual([
    'ListTaskDefinitions',
    'ListTaskDefinitions',
  ]);
});

test('D5: a template whose definition was removed gets it again with its next Pod', async () => {
  const { ecs, run, step } = await templates(0);
  const family = ecs.tasks()[0]?.taskDefinitionArn ?? '';
  ecs.definitions.delete(family);
  ecs.inactive.add(family);
  await run('app');
  await step(5_000);
  expect(ecs.definitions.has(family)).toBe(true);
  expect(ecs.tasks()).toHaveLength(2);
});

test('parts of volumes are tidied although ECS refuses, which is told', async () => {
  let tidied = 0;
  const volumeParts = { pointOf: async () => '', tidy: async () => void tidied++ };
  const { driver, ecs } = fakeEcsWorld({ driver: { volumeParts } });
  ecs.failNext('ListTaskDefinitions', Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  await expect(driver.tidy!()).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(tidied).toBe(1);
});

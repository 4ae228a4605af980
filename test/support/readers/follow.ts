import { expect } from '@jest/globals';
import type { World } from '../packedWorld.ts';
import { likeLine, readSteps } from '../page.ts';

/** A command of a page, and what the page says that it prints. */
export interface Met {
  line: string;
  expected: RegExp[];
}

/** What has to be done at a command besides running it to its end, or in its place. */
export type Hook = [command: RegExp, meet: (met: Met) => Promise<void>];

/**
 * Does what a page tells, in order: writes its files, runs its commands, and looks for what they are said to print. Every
 * command has to succeed, and every hook has to be met.
 */
export async function follow(world: World, page: string, hooks: Hook[] = []): Promise<void> {
  const unmet = new Set(hooks);
  const steps = readSteps(page);
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    if ('file' in step) {
      world.write(step.file.name, step.file.text);
      continue;
    }
    const { line, output = '' } = step.command;
    const expected = output
      .split('\n')
      .filter(Boolean)
      .map((each) => likeLine(each, world.folder));
    const hook = [...unmet, ...hooks].find(([command]) => command.test(line));
    if (hook) {
      unmet.delete(hook);
      await hook[1]({ line, expected });
      continue;
    }
    const said = await world.run(line);
    const missing = expected.filter((pattern) => !pattern.test(said)).map(String);
    expect({ line, said, missing }).toEqual({ line, said, missing: [] });
  }
  expect([...unmet].map(([command]) => `${command} is nowhere in ${page}`)).toEqual([]);
}

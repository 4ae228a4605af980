import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from '@jest/globals';

type Block = typeof describe;
type Test = typeof test;

/**
 * `test` and `describe` for what needs something that may be missing here. With an obstacle they skip, and each name says
 * why, so that the reporter can count skipped tests by their reason.
 */
export function needs(obstacle: string | false | undefined): { test: Test; describe: Block } {
  if (!obstacle) return { test, describe };
  return {
    test: skipping(test.skip, obstacle) as Test,
    describe: skipping(describe.skip, obstacle) as Block,
  };
}

type Skip = typeof test.skip | typeof describe.skip;

function skipping(skip: Skip, obstacle: string): unknown {
  const because = (name: unknown) => `${name} [skipped: ${obstacle}]`;
  const named = (name: unknown, run: () => void) => skip(because(name) as string, run);
  const each =
    (...table: never[]) =>
    (name: unknown, run: never) =>
      (skip.each as unknown as (...table: never[]) => (name: string, run: never) => void)(...table)(
        because(name),
        run,
      );
  return Object.assign(named, { each });
}

/** Reasons that several files share. */
export const notLinux = process.platform !== 'linux' && 'Linux only';
export const isWindows = process.platform === 'win32' && 'Windows has no process groups';
/** `tool`: where the packaged kubectl or helm is; it is a binary for Linux on x86-64. */
export const noTool = (tool: string | undefined) =>
  !tool && 'the packaged kubectl and Helm are for Linux on x86-64';
/** Whether a program is in the PATH. */
export const isInstalled = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

export const noCurl = !isInstalled('curl') && 'there is no curl';
export const noWget = !isInstalled('wget') && 'there is no wget';

import type { Jail } from '../native/commandLines.ts';
import { isReady } from '../native/containers.ts';
import type { Run } from '../sandbox.ts';
import { invalidTarget } from '../targets.ts';
import { isAlive, type ProcessId } from './identity.ts';
import type { RunFolder } from './runFolder.ts';
import type { Settings } from './settings.ts';

/** The run that another one is to be among the processes of. */
export interface Target {
  /** The first process of its process namespace. */
  main: ProcessId;
  jail: Jail;
}

/** Describes where a run's folder is, how it stands and what it was started with. */
export interface RunLooks {
  folderOf(run: Run): string;
  look(run: Run): RunFolder;
  settingOf(run: Run): Settings;
}

/**
 * Returns the process whose namespace a container enters; undefined for a program of this machine, which has none of its own.
 * Throws ConfigError where it does not run.
 */
export function targetIn({ folderOf, look, settingOf }: RunLooks, run: Run): Target | undefined {
  const now = look(run);
  if (now.kind !== 'running') throw invalidTarget(run, now.kind === 'ended' ? 'EXITED' : 'CREATED');
  const { jail } = settingOf(run);
  if (!jail) return undefined;
  // Before, its main process is a tool's.
  if (!now.main || !isReady(folderOf(run))) throw invalidTarget(run, 'CREATED');
  if (!isAlive(now.main)) throw invalidTarget(run, 'EXITED');
  return { main: now.main, jail };
}

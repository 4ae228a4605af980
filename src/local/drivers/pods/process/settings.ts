import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jail } from '../native/commandLines.ts';
import type { Mount } from '../sandbox.ts';

/** Describes what a run was started with, for commands run beside it later, also by another control plane. */
export interface Settings {
  cwd: string;
  env: Record<string, string>;
  hostNetwork: boolean;
  mounts: Mount[];
  /** Its mounts are seen by processes of its own mount namespace alone. */
  ownMounts: boolean;
  stdin?: 'open' | 'once';
  tty?: boolean;
  /** Is what is in force in a container with a root file system of its own. */
  jail?: Jail;
}

const fileIn = (folder: string) => join(folder, 'settings.json');

export function saveSettings(folder: string, settings: Settings): void {
  const draft = `${fileIn(folder)}.new`;
  writeFileSync(draft, JSON.stringify(settings), { mode: 0o600 });
  renameSync(draft, fileIn(folder));
}

export const readSettings = (folder: string): Settings =>
  JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Settings;

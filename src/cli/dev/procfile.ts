import { labelOf } from './label.ts';
import type { Found, ReadFile } from './project.ts';
import { shellCommand } from './shell.ts';

/** Reads a Procfile: `web: node server.js`. The process type `web`, which listens, comes first. */
export function programsOfProcfile(read: ReadFile): Found | undefined {
  const text = read('Procfile');
  if (text === undefined) return undefined;
  const programs = text.split('\n').flatMap((line) => {
    const [, name, command] = /^([A-Za-z0-9_-]+):\s*(\S.*)$/.exec(line.trim()) ?? [];
    // Heroku runs it before a release, not beside it.
    if (!name || !command || name === 'release') return [];
    return [{ name: labelOf(name), command: shellCommand(command), env: {} }];
  });
  const isWeb = ({ name }: { name: string }) => name === 'web';
  return { source: 'Procfile', programs: [...programs.filter(isWeb), ...programs.filter((p) => !isWeb(p))] };
}

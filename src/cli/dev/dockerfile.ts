import type { Found, ReadFile } from './project.ts';
import { shellCommand } from './shell.ts';

/** Reads a Dockerfile for what its last stage starts: ENTRYPOINT and CMD. Nothing is built: the folder is what runs. */
export function programsOfDockerfile(read: ReadFile): Found | undefined {
  const text = read('Dockerfile');
  if (text === undefined) return undefined;
  let entry: string[] = [];
  let command: string[] = [];
  let env: Record<string, string> = {};
  for (const [word, rest] of instructions(text)) {
    if (word === 'FROM') [entry, command, env] = [[], [], {}];
    if (word === 'ENV') env = { ...env, ...variables(rest) };
    if (word === 'CMD') command = commandOf(rest);
    if (word === 'ENTRYPOINT') [entry, command] = [commandOf(rest), []];
  }
  const whole = [...entry, ...command];
  return { source: 'Dockerfile', programs: whole.length ? [{ name: 'web', command: whole, env }] : [] };
}

/** Its instructions, each on one line. */
const instructions = (text: string): [word: string, rest: string][] =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\s*\n/g, ' ')
    .split('\n')
    .flatMap((line) => {
      const [, word, rest] = /^\s*([A-Za-z]+)\s+(.*\S)\s*$/.exec(line) ?? [];
      return word && rest ? [[word.toUpperCase(), rest]] : [];
    });

/** The exec form, `["node", "server.js"]`, or the shell's. */
function commandOf(text: string): string[] {
  try {
    const words: unknown = JSON.parse(text);
    if (Array.isArray(words) && words.every((word) => typeof word === 'string')) return words;
  } catch {
    // Then it is the shell's form.
  }
  return shellCommand(text);
}

function variables(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|'[^']*'|\S*)/g)];
  if (pairs.length)
    return Object.fromEntries(pairs.map(([, name, value]) => [name, value!.replace(/^(["'])(.*)\1$/, '$2')]));
  const [name, ...value] = text.split(/\s+/);
  return { [name!]: value.join(' ') };
}

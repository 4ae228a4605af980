import type { Found, ReadFile } from './project.ts';
import { shellCommand } from './shell.ts';

/** Reads package.json: its script `start`, else what `npm start` does without one, else its script `dev`. */
export function programsOfPackage(read: ReadFile): Found | undefined {
  const text = read('package.json');
  if (text === undefined) return undefined;
  let found: Record<string, unknown>;
  try {
    found = Object(JSON.parse(text));
  } catch (error) {
    throw new Error(`package.json: ${(error as Error).message}`);
  }
  const command = commandOf(found, read);
  return {
    source: 'package.json',
    ...(typeof found.name === 'string' && { name: found.name }),
    programs: command ? [{ name: 'web', command, env: {} }] : [],
  };
}

function commandOf({ scripts, main }: Record<string, unknown>, read: ReadFile): string[] | undefined {
  const script = (name: string) => {
    const line = Object(scripts)[name];
    return typeof line === 'string' && line.trim() ? shellCommand(line) : undefined;
  };
  const file = ['server.js', typeof main === 'string' ? main : 'index.js'].find(
    (name) => read(name) !== undefined,
  );
  return script('start') ?? (file ? ['node', file] : undefined) ?? script('dev');
}

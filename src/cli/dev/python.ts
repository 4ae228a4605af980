import { parse } from 'smol-toml';
import type { Found, ReadFile } from './project.ts';

/** Reads pyproject.toml for its first script; without one, the files that Python programs usually begin with. */
export function programsOfPython(read: ReadFile): Found | undefined {
  const text = read('pyproject.toml');
  const project = text === undefined ? {} : projectTable(text);
  const name = typeof project.name === 'string' ? { name: project.name } : {};
  // What it prints is seen at once, and not when a buffer is full.
  const env = { PYTHONUNBUFFERED: '1', PYTHONPATH: '.:src' };
  const command = scriptOf(project) ?? fileOf(read);
  if (!command) return undefined;
  return {
    source: text === undefined ? command[1]! : 'pyproject.toml',
    ...name,
    programs: [{ name: 'web', command, env }],
  };
}

function projectTable(text: string): Record<string, unknown> {
  try {
    return Object(parse(text).project);
  } catch (error) {
    throw new Error(`pyproject.toml: ${(error as Error).message.split('\n')[0]}`);
  }
}

/** An entry point, `shop.cli:main`, is called as the program that pip would have installed calls it. */
function scriptOf({ scripts }: Record<string, unknown>): string[] | undefined {
  const [entry] = Object.values(Object(scripts));
  const [, module, call] = /^([\w.]+):([\w.]+)$/.exec(String(entry ?? '').trim()) ?? [];
  if (!module || !call) return undefined;
  const [first] = call.split('.');
  return ['python3', '-c', `import sys; from ${module} import ${first}; sys.exit(${call}())`];
}

function fileOf(read: ReadFile): string[] | undefined {
  const file = ['app.py', 'main.py'].find((name) => read(name) !== undefined);
  if (file) return ['python3', file];
  if (read('manage.py') === undefined) return undefined;
  return ['sh', '-c', 'exec python3 manage.py runserver --noreload "0.0.0.0:$PORT"'];
}

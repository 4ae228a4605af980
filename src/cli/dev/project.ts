import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { programsOfDockerfile } from './dockerfile.ts';
import { labelOf } from './label.ts';
import { programsOfPackage } from './packageJson.ts';
import { programsOfProcfile } from './procfile.ts';
import { programsOfPython } from './python.ts';

/** Describes one program of a project: a process type, as Procfiles call it. */
export interface Program {
  /** A DNS label: `web`. */
  name: string;
  /** Undefined when the folder's own `shallop.json` says it. */
  command: string[] | undefined;
  env: Record<string, string>;
}

/** Describes a folder as something that can be started. */
export interface Project {
  /** A DNS label, of the folder or of what the project calls itself. */
  name: string;
  folder: string;
  /** Names the file that says how it starts. */
  source: string;
  programs: Program[];
  /** The port that its Dockerfile exposes. */
  exposed?: number;
}

/** Describes what one kind of file says of a project. */
export interface Found {
  source: string;
  name?: string;
  programs: Program[];
}

/** Reads a file of the folder; undefined when it is not there. */
export type ReadFile = (name: string) => string | undefined;

/** What may say how a project starts, the most explicit first. */
const finders: ((read: ReadFile) => Found | undefined)[] = [
  (read) =>
    read('shallop.json') === undefined
      ? undefined
      : { source: 'shallop.json', programs: [{ name: 'web', command: undefined, env: {} }] },
  programsOfProcfile,
  programsOfPackage,
  programsOfPython,
  programsOfDockerfile,
];

/**
 * Finds out how the project in a folder starts.
 * @throws an Error that names the files that could have said it.
 */
export function projectIn(folder: string): Project {
  const read: ReadFile = (name) => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      if (['ENOENT', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  };
  for (const find of finders) {
    const found = find(read);
    if (!found?.programs.length) continue;
    const exposed = exposedPort(read('Dockerfile'));
    return {
      ...found,
      name: labelOf(found.name ?? basename(folder)),
      folder,
      ...(exposed !== undefined && { exposed }),
    };
  }
  throw new Error(
    `nothing in ${folder} says how it starts: a Procfile, package.json with a start script, pyproject.toml, app.py or main.py, a Dockerfile with CMD, or shallop.json`,
  );
}

function exposedPort(dockerfile: string | undefined): number | undefined {
  const port = Number(/^\s*EXPOSE\s+(\d+)/im.exec(dockerfile ?? '')?.[1]);
  return port > 0 && port < 65_536 ? port : undefined;
}

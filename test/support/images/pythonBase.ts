import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Entry, programsLayer } from './layers.ts';

const python = '/usr/bin/python3';

export const noPython = !existsSync(python) && "the distribution's python3 is not installed";

/** Python of this machine's packages with its library, under the name that the example's Dockerfile begins with. */
export async function pythonLayer(): Promise<Buffer> {
  const program = realpathSync(python);
  const library = `/usr/lib/${basename(program)}`;
  return programsLayer(
    ['sh', program],
    [{ name: 'bin/python', type: 'symlink', linkname: basename(program) }, ...modulesOf(library)],
  );
}

function modulesOf(library: string): Entry[] {
  const left = /\/(__pycache__|dist-packages|test|idlelib|ensurepip|pydoc_data|config-[^/]+)(\/|$)/;
  return readdirSync(library, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && !left.test(`${each.parentPath}/`))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return { name: path.slice(1), content: readFileSync(path) };
    });
}

/**
 * The file of a module that is started by its name, as a thread or a process: in a checkout beside the file that asks
 * (`here` is its import.meta.url); in the package, where that file is part of another, beside the command.
 */
export function moduleFile(name: string, here: string): URL {
  if (here.endsWith('.ts')) return new URL(`./${name}.ts`, here);
  return new URL(`${here.includes('/chunks/') ? '..' : '.'}/${name}.js`, here);
}

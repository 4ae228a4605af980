import { accessSync, constants, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import type { ImageConfig } from '../../../../shared/podspec/command.ts';

const fileName = 'shallop.json';

/**
 * Reads a folder's `shallop.json`: `{ "command": [...], "args"?: [...], "workingDir"?: ".", "env"?: {...} }`, or
 * `"commands"`, alternatives of which the first whose program is on the PATH is taken. Throws with what is wrong.
 */
export async function readDescriptor(folder: string): Promise<ImageConfig> {
  const file = join(folder, fileName);
  const wrong = (what: string) => new Error(`${file}: ${what}`);
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw wrong((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'not found' : (error as Error).message);
  }
  const { command, commands, args = [], workingDir = '.', env = {}, ...rest } = found;
  const unknown = Object.keys(rest)[0];
  if (unknown) throw wrong(`unknown field "${unknown}"`);
  if (!isTexts(args)) throw wrong('"args" must be a list of strings');
  if (typeof workingDir !== 'string') throw wrong('"workingDir" must be a string');
  if (!isRecord(env)) throw wrong('"env" must map names to strings');
  const choices = commands ?? (command === undefined ? [[]] : [command]);
  if (!Array.isArray(choices) || !choices.length || !choices.every(isTexts))
    throw wrong('"command" must be a list of strings, "commands" a list of such lists');
  const folderOfWork = resolve(folder, workingDir);
  const path = env.PATH ?? process.env.PATH ?? '';
  const chosen =
    choices.find(([program]) => program && findProgram(program, folderOfWork, path)) ?? choices[0]!;
  return { command: chosen, args, env, workingDir: folderOfWork };
}

/** The absolute path of a program as execvp would find it; undefined when there is none that may be run. */
export function findProgram(program: string, folder: string, path: string): string | undefined {
  const places = program.includes('/')
    ? [resolve(folder, program)]
    : path.split(delimiter).map((each) => join(each || '.', program));
  return places.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isRecord = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => typeof each === 'string');

import { isUtf8 } from 'node:buffer';
import { readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readInput } from '../../readInput.ts';
import type { Scene } from '../scene.ts';

const keyForm = /^[-._a-zA-Z0-9]+$/;
const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Describes what is read into: how it is called, and what a second value of a key is answered. */
export interface Wanted {
  kind: 'ConfigMap' | 'Secret';
  taken(key: string): string;
}

/** Reads --from-literal, --from-file and --from-env-file. Throws in kubectl's words. */
export function dataOf({ call, io }: Pick<Scene, 'call' | 'io'>, wanted: Wanted): Map<string, Buffer> {
  const data = new Map<string, Buffer>();
  const put = (key: string, value: Buffer) => {
    if (!keyForm.test(key))
      throw new Error(`${JSON.stringify(key)} is not a valid key name for a ${wanted.kind}: ${keyRule}`);
    if (data.has(key)) throw new Error(wanted.taken(key));
    data.set(key, value);
  };
  const [literals, files, envFiles] = ['from-literal', 'from-file', 'from-env-file'].map(call.texts);
  if (envFiles!.length && (files!.length || literals!.length))
    throw new Error('from-env-file cannot be combined with from-file or from-literal');
  const readFiles = () => {
    for (const source of files!) for (const [key, value] of filesOf(source, io.cwd)) put(key, value);
  };
  // As kubectl does it: which of two values of a key is told to be the second.
  if (wanted.kind === 'ConfigMap') readFiles();
  for (const literal of literals!) put(...literalOf(literal));
  if (wanted.kind === 'Secret') readFiles();
  for (const file of envFiles!) for (const [key, value] of variablesOf(file, io)) put(key, value);
  return data;
}

function literalOf(source: string): [key: string, value: Buffer] {
  const at = source.indexOf('=');
  if (at < 1) throw new Error(`invalid literal source ${source}, expected key=value`);
  return [source.slice(0, at), Buffer.from(source.slice(at + 1))];
}

function filesOf(source: string, cwd: string): [key: string, value: Buffer][] {
  const [key = '', path = key, ...rest] = source.split('=');
  if (rest.length) throw new Error("key names or file paths cannot contain '='");
  if (source.startsWith('=')) throw new Error(`key name for file path ${path} missing`);
  if (!path) throw new Error(`file path for key name ${key} missing`);
  const file = resolve(cwd, path);
  if (!statOf(file, path).isDirectory())
    return [[source.includes('=') ? key : basename(path), readInput(file)]];
  if (source.includes('=')) throw new Error('cannot give a key name for a directory path');
  return readdirSync(file, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }): [string, Buffer] => [name, readInput(join(file, name))])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function statOf(file: string, path: string) {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) throw new Error(`error reading ${path}: no such file or directory`);
  return found;
}

/** Lines of KEY=VALUE; a key alone has the value that it has here, if any. */
function variablesOf(path: string, { cwd, env }: Scene['io']): [key: string, value: Buffer][] {
  const file = resolve(cwd, path);
  if (statOf(file, path).isDirectory()) throw new Error('env config file cannot be a directory');
  return readInput(file)
    .toString()
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line): [string, Buffer][] => {
      const text = line.replace(/\r$/, '').trimStart();
      if (!text || text.startsWith('#')) return [];
      const at = text.indexOf('=');
      const value = at < 0 ? env[text] : text.slice(at + 1);
      return value === undefined ? [] : [[at < 0 ? text : text.slice(0, at), Buffer.from(value)]];
    });
}

/** Text stands as it is, other bytes in base64. */
export function inConfigMap(data: Map<string, Buffer>): { data?: object; binaryData?: object } {
  const parts = Map.groupBy(data, ([, bytes]) => isUtf8(bytes));
  const texts = parts.get(true)?.map(([key, bytes]) => [key, bytes.toString()]);
  const others = parts.get(false)?.map(([key, bytes]) => [key, bytes.toString('base64')]);
  return {
    ...(texts && { data: Object.fromEntries(texts) }),
    ...(others && { binaryData: Object.fromEntries(others) }),
  };
}

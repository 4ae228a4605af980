import { resolve } from 'node:path';
import { compiledPath } from '../../../shared/kinds/printing/jsonpath.ts';
import { readInput } from '../../readInput.ts';
import type { Io } from '../../verb.ts';
import { Columns } from './columns.ts';

interface Column {
  head: string;
  values(object: unknown): unknown[];
}

/** Prints objects as rows of the columns that `-o custom-columns=NAME:.metadata.name,…` names. Throws in kubectl's words. */
export function customColumns(
  output: string,
  { out, cwd }: Pick<Io, 'out' | 'cwd'>,
  noHeaders: boolean,
): (objects: unknown[]) => void {
  const [, isFile, spec] = /^custom-columns(-file)?(?:=(.*))?$/s.exec(output)!;
  if (!spec) throw new Error('custom-columns format specified but no custom columns given');
  const columns = isFile ? columnsIn(templateAt(cwd, spec)) : spec.split(',').map(columnOf);
  const widths = new Columns();
  let isHeaded = noHeaders && !isFile;
  return (objects) => {
    const rows = objects.map((object) => columns.map((column) => cell(column.values(object))));
    const heads = isHeaded ? [] : [columns.map(({ head }) => head)];
    isHeaded = true;
    for (const line of widths.rows([...heads, ...rows])) out(line);
  };
}

function templateAt(cwd: string, file: string): string {
  try {
    return readInput(resolve(cwd, file)).toString();
  } catch {
    throw new Error(`error reading template ${file}, open ${file}: no such file or directory`);
  }
}

/** A line of heads, and one of paths. */
function columnsIn(template: string): Column[] {
  const [heads, paths] = template.split('\n').map((line) => line.split(/\s+/).filter(Boolean));
  const form =
    'Expected format is one line of space separated headers, one line of space separated column specs.';
  if (!heads || !template) throw new Error(`invalid template, missing header line. ${form}`);
  if (!paths) throw new Error(`invalid template, missing spec line. ${form}`);
  if (heads.length !== paths.length)
    throw new Error(
      `number of headers (${heads.length}) and field specifications (${paths.length}) don't match`,
    );
  return heads.map((head, at) => ({ head, values: pathOf(paths[at]!) }));
}

function columnOf(text: string): Column {
  const at = text.indexOf(':');
  if (at < 0) throw new Error(`unexpected custom-columns spec: ${text}, expected <header>:<json-path-expr>`);
  return { head: text.slice(0, at), values: pathOf(text.slice(at + 1)) };
}

/** Reads `metadata.name`, `.metadata.name` and `{.metadata.name}`. */
function pathOf(text: string): Column['values'] {
  const [, inner] = /^\{?\.?([^{}]+)\}?$/.exec(text) ?? [];
  if (!inner || text.startsWith('{') !== text.endsWith('}'))
    throw new Error(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    );
  return compiledPath(inner.startsWith('[') ? inner : `.${inner}`);
}

const cell = (values: unknown[]): string => (values.length ? values.map(shown).join(',') : '<none>');

/** A value as Go prints it; signs that would move a terminal's cursor as what they are. */
function shown(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(shown).join(' ')}]`;
  if (typeof value === 'object') {
    const pairs = Object.keys(value)
      .sort()
      .map((key) => `${key}:${shown((value as Record<string, unknown>)[key])}`);
    return `map[${pairs.join(' ')}]`;
  }
  return String(value).replaceAll('\u001b', '^[').replaceAll('\r', '\\r');
}

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { pauses } from '../worker/pauses.ts';

/** Describes what tells whose a process is. */
export interface TableEntry {
  pid: number;
  parent: number;
  /** The folder that its environment names, and the pipes of runs that are its standard streams. */
  traces: string[];
}

/** Every process of this machine, as far as it lets itself be looked at; none where there is no /proc. */
export async function readProcessTable(variable: string): Promise<TableEntry[]> {
  if (process.platform !== 'linux') return [];
  const pause = pauses();
  const entries: TableEntry[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    await pause();
    const parent = parentOf(read(`/proc/${name}/stat`));
    if (parent !== undefined) entries.push({ pid: Number(name), parent, traces: tracesOf(name, variable) });
  }
  return entries;
}

/**
 * The processes that have one of these as a trace, or something below it, those with these numbers, and all that
 * descend from any of them.
 */
export function belonging(table: TableEntry[], folders: string[], roots: number[]): number[] {
  const found = new Set(
    table
      .filter(
        ({ pid, traces }) =>
          roots.includes(pid) ||
          traces.some((trace) => folders.some((each) => trace === each || trace.startsWith(`${each}/`))),
      )
      .map(({ pid }) => pid),
  );
  const children = Map.groupBy(table, ({ parent }) => parent);
  // What is added while the set is gone through is gone through too.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child.pid);
  return [...found];
}

/** Undefined for a process that has ended. The name stands in parentheses and may hold anything. */
function parentOf(stat: string): number | undefined {
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return !parent || state === 'Z' || state === 'X' ? undefined : Number(parent);
}

function tracesOf(pid: string, variable: string): string[] {
  const environment = `\0${read(`/proc/${pid}/environ`)}`;
  const at = environment.indexOf(`\0${variable}=`);
  const start = at + variable.length + 2;
  const named = at < 0 ? [] : [environment.slice(start, environment.indexOf('\0', start))];
  return [
    ...named,
    ...['0', '1', '2']
      .map((fd) => link(`/proc/${pid}/fd/${fd}`))
      .filter((path) => /\/io\/std(in|out|err)$/.test(path)),
  ];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

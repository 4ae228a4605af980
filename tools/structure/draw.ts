/**
 * Draws the rooms of src/ and what they load at run time into docs/structure.md, between its two marks: `npm run update`
 * writes it, and a structure test compares.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importGraph } from './importGraph.ts';
import { roomOf, rooms } from './rooms.ts';
import { root, sources } from './sources.ts';

export const path = join(root, 'docs/structure.md');
const marks = ['<!-- drawn by npm run update -->', '<!-- end of the drawing -->'] as const;

/** Rooms with files directly below their plane. */
const labels: Record<string, string> = {
  local: 'composition root',
  aws: 'composition roots',
  cli: 'verbs',
  library: 'npm',
};

/** Rooms that nearly every other loads: lines to them would hide the rest. */
const basics = ['shared/errors', 'shared/clock', 'shared/meta'];

/** The page with the drawing as the sources are now. Throws when the page has lost its marks. */
export function structurePage(page = readFileSync(path, 'utf8')): string {
  const [start, end] = marks.map((mark) => page.indexOf(mark)) as [number, number];
  if (start < 0 || end < start) throw new Error(`docs/structure.md lacks the lines ${marks.join(' and ')}`);
  return `${page.slice(0, start + marks[0].length)}\n\n${drawing()}\n\n${page.slice(end)}`;
}

function drawing(): string {
  const edges = edgesOf();
  const isDrawn = (room: string) => !basics.includes(room);
  const groups = Map.groupBy(Object.keys(rooms).filter(isDrawn), (room) => room.split('/')[0]!);
  const boxes = [...groups].flatMap(([group, names]) => [
    `  subgraph ${group}`,
    ...names.map((room) => `    ${id(room)}["${labels[room] ?? room.slice(group.length + 1)}"]`),
    '  end',
  ]);
  const lines = [...edges]
    .filter(([from]) => isDrawn(from))
    .flatMap(([from, to]) =>
      [...to].filter(isDrawn).map((room) => `  ${id(from)} --> ${targetOf(from, room)}`),
    );
  return ['```mermaid', 'flowchart LR', ...boxes, ...[...new Set(lines)].sort(), '```'].join('\n');
}

/** A root may load every room of the core: one line to all of them stands for that. */
const targetOf = (from: string, room: string) =>
  from in labels && room.startsWith('shared/') ? 'shared' : id(room);

/** By room, the other rooms from which its files load something, now or later. Types are left out. */
function edgesOf(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [file, targets] of importGraph(sources('src')).atRunTime) {
    const from = roomOf(file);
    if (!from) continue;
    const to = found.get(from) ?? new Set();
    found.set(from, to);
    for (const target of targets) {
      const room = roomOf(target);
      if (room && room !== from) to.add(room);
    }
  }
  return found;
}

const id = (room: string) => (room in labels ? `${room}_root` : room.replaceAll('/', '_'));

if (import.meta.filename === process.argv[1]) writeFileSync(path, structurePage());

import type { Paint } from '../../paint.ts';
import type { Io } from '../../verb.ts';
import { ageText } from '../describe/words.ts';
import { kindName, type Resource } from '../discovery.ts';
import type { KubeObject, ObjectList } from '../objects.ts';
import { Columns } from './columns.ts';
import { statusColour } from './statusColour.ts';

/** A `meta.k8s.io/v1` Table as the server answers it. */
export interface Table {
  kind: string;
  metadata?: { resourceVersion?: string; continue?: string };
  columnDefinitions?: { name: string; type: string; format?: string; priority: number }[] | null;
  rows?: { cells: unknown[]; object: KubeObject }[] | null;
}

export const tableAccept =
  'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';

/** An answer of a server that knows no Tables has the two columns that every object can fill. */
export function asTable(answer: Table | KubeObject | ObjectList): Table {
  if (answer.kind === 'Table') return answer as Table;
  const objects = 'items' in answer ? (answer as ObjectList).items : [answer as KubeObject];
  return {
    kind: 'Table',
    metadata: answer.metadata as Table['metadata'],
    columnDefinitions: [
      { name: 'Name', type: 'string', format: 'name', priority: 0 },
      { name: 'Age', type: 'string', priority: 0 },
    ],
    rows: objects.map((object) => ({
      cells: [object.metadata.name, ageText(object.metadata.creationTimestamp)],
      object,
    })),
  };
}

export interface TableOptions {
  wide: boolean;
  withNamespace: boolean;
  /** `pod/x` instead of `x`. */
  withKind: boolean;
  showLabels: boolean;
  noHeaders: boolean;
  /** Each row says what happened to the object. */
  withEvents?: boolean;
}

const longestEvent = 'MODIFIED'.length;

/** Writes Tables of one resource, one below the other, with one head. */
export class TablePrinter {
  readonly #options: TableOptions;
  readonly #resource: Resource;
  readonly #out: (line: string) => void;
  readonly #columns = new Columns();
  #definitions: NonNullable<Table['columnDefinitions']> = [];
  readonly #paint: Paint | undefined;
  #headed = false;

  constructor(resource: Resource, options: TableOptions, { out, paint }: Pick<Io, 'out' | 'paint'>) {
    this.#resource = resource;
    this.#options = options;
    this.#out = out;
    this.#paint = paint;
    this.#headed = options.noHeaders;
  }

  /** A Table of a watch has its column definitions only in the first event. */
  print({ columnDefinitions, rows }: Table, event = 'ADDED'): void {
    if (columnDefinitions?.length) this.#definitions = columnDefinitions;
    if (!rows?.length) return;
    const events = this.#options.withEvents ? [event.padEnd(longestEvent)] : [];
    const lines = rows.map((row) => [...events, ...this.#cells(row)]);
    const names = this.#heads();
    const heads = this.#headed ? [] : [names];
    this.#headed = true;
    const painted = (cell: string, row: number, at: number) => {
      const colour = row < heads.length ? 'bold' : statusColour(names[at]!, cell);
      return colour && this.#paint ? this.#paint(colour, cell) : cell;
    };
    for (const line of this.#columns.rows([...heads, ...lines], painted)) this.#out(line);
  }

  #shown<T>(cells: T[]): T[] {
    return cells.filter((_, at) => this.#options.wide || !this.#definitions[at]?.priority);
  }

  #heads(): string[] {
    const { withNamespace, showLabels } = this.#options;
    return [
      ...(this.#options.withEvents ? ['EVENT'] : []),
      ...(withNamespace ? ['NAMESPACE'] : []),
      ...this.#shown(this.#definitions.map(({ name }) => name.toUpperCase())),
      ...(showLabels ? ['LABELS'] : []),
    ];
  }

  #cells({ cells, object }: NonNullable<Table['rows']>[number]): string[] {
    const { withNamespace, withKind, showLabels } = this.#options;
    const named = (cell: unknown, at: number) =>
      withKind && this.#definitions[at]?.format === 'name'
        ? `${kindName(this.#resource)}/${cell}`
        : asText(cell);
    return [
      ...(withNamespace ? [object.metadata.namespace ?? ''] : []),
      ...this.#shown(cells.map(named)),
      ...(showLabels ? [labelText(object.metadata.labels)] : []),
    ];
  }
}

/** One line only: what follows a line's end is left out. */
function asText(cell: unknown): string {
  if (cell === null || cell === undefined) return '<nil>';
  const [line = '', ...more] = String(cell).split(/[\r\n\f]/);
  return more.length ? `${line}...` : line;
}

export const labelText = (labels: Record<string, string> | undefined, separator = ','): string =>
  Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(separator) || '<none>';

import type { Status } from '../../errors/status.ts';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { Stored } from '../../storage/storage.ts';
import type { Context } from '../context.ts';
import { encode } from '../http/respond.ts';
import { partialObject, tableOf } from '../table/table.ts';
import { parseStored } from '../write/stored.ts';
import type { EventType } from './seenAs.ts';

const newline = encode('}\n');
const heads = {
  ADDED: encode('{"type":"ADDED","object":'),
  MODIFIED: encode('{"type":"MODIFIED","object":'),
  DELETED: encode('{"type":"DELETED","object":'),
};

/** Plain frames, made once for all watchers of the same object state. */
const shared = new WeakMap<Stored, Partial<Record<EventType, Uint8Array>>>();

/** The lines of one watch, in the form its client asked for. */
export class Frames {
  readonly #ctx: Context;
  #columnsSent = false;

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  of(type: EventType, stored: Stored): Uint8Array {
    const { as, kind } = this.#ctx;
    if (as === 'json' && !kind.storedAs) return this.#plain(type, stored);
    return line(type, as === 'json' ? parseStored(stored, kind) : this.#formed(stored));
  }

  /** `ends` marks that the initial state is complete. */
  bookmark(resourceVersion: string, ends: boolean): Uint8Array {
    const { kind, as } = this.#ctx;
    const metadata = {
      resourceVersion,
      ...(ends && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
    };
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata };
    if (as !== 'table') return line('BOOKMARK', object);
    const table = {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion },
      columnDefinitions: [],
    };
    const row = { cells: kind.columns.map(() => ''), object: { ...partialObject(object), metadata } };
    return line('BOOKMARK', { ...table, rows: [row] });
  }

  error(status: Status): Uint8Array {
    return line('ERROR', status);
  }

  #plain(type: EventType, stored: Stored): Uint8Array {
    const cached = shared.get(stored) ?? {};
    cached[type] ??= Buffer.concat([heads[type], atRevision(stored), newline]);
    shared.set(stored, cached);
    return cached[type];
  }

  #formed(stored: Stored): object {
    const { kind, as } = this.#ctx;
    const object = parseStored(stored, kind);
    object.metadata.resourceVersion = stored.revision;
    if (as === 'partial') return partialObject(object);
    const first = !this.#columnsSent;
    this.#columnsSent = true;
    return tableOf(this.#ctx, [object], { resourceVersion: stored.revision }, first);
  }
}

const line = (type: string, object: object): Uint8Array => encode(`${JSON.stringify({ type, object })}\n`);

const decoder = new TextDecoder();

/** The stored bytes; an object that left a selector is shown in its old state but at the new revision. */
function atRevision(stored: Stored): Uint8Array {
  const bytes = stored.value;
  const mark = encode(`"resourceVersion":"${stored.revision}"`);
  if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(mark)) return bytes;
  const object = JSON.parse(decoder.decode(bytes));
  object.metadata.resourceVersion = stored.revision;
  return encode(JSON.stringify(object));
}

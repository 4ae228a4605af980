import { notAcceptable } from './errors.ts';

/** How an answer is written. */
export interface Representation {
  format: 'json' | 'yaml' | 'protobuf';
  as?: 'Table' | 'PartialObjectMetadata';
  /** meta.k8s.io version of the Table, as asked. */
  version?: 'v1' | 'v1beta1';
}

export interface MediaClause {
  type: string;
  parameters: Record<string, string>;
}

/** The clauses of an Accept header in order of preference. */
export function parseAccept(header: string): MediaClause[] {
  const clauses = header.split(',').map((clause) => {
    const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
    const parameters: Record<string, string> = {};
    for (const pair of rest) {
      const equals = pair.indexOf('=');
      if (equals > 0) parameters[pair.slice(0, equals)] = pair.slice(equals + 1);
    }
    return { type: type.toLowerCase(), parameters };
  });
  const quality = ({ parameters }: MediaClause) => Number(parameters.q ?? 1);
  return clauses.some((c) => c.parameters.q) ? clauses.toSorted((a, b) => quality(b) - quality(a)) : clauses;
}

const plain: Representation = { format: 'json' };
const known = new Map<string, Representation>();

/**
 * The representation for objects and lists. JSON is given wherever it is accepted at all, protobuf only to clients
 * that take nothing else. Throws NotAcceptable.
 */
export function representationFor(accept: string | undefined): Representation {
  if (accept === undefined || accept === '' || accept === 'application/json') return plain;
  const cached = known.get(accept);
  if (cached) return cached;
  const found = choose(parseAccept(accept));
  if (!found) throw notAcceptable();
  // Clients send a handful of different headers; anything more is not worth remembering.
  if (known.size < 100) known.set(accept, found);
  return found;
}

function choose(clauses: MediaClause[]): Representation | undefined {
  let fallback: Representation | undefined;
  for (const { type, parameters } of clauses) {
    const format = formats[type];
    if (!format) continue;
    const as = parameters.as?.replace(/List$/, '');
    if (as && as !== 'Table' && as !== 'PartialObjectMetadata') continue;
    if (as && (parameters.g !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(parameters.v ?? ''))) continue;
    if (format === 'protobuf') {
      if (!as) fallback ??= { format };
      continue;
    }
    if (!as) return { format };
    return { format, as: as as Representation['as'], version: parameters.v as Representation['version'] };
  }
  return fallback;
}

const formats: Record<string, Representation['format']> = {
  '*/*': 'json',
  'application/*': 'json',
  'application/json': 'json',
  'application/yaml': 'yaml',
  'application/vnd.kubernetes.protobuf': 'protobuf',
};

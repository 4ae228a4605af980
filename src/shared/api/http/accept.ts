import { table } from '../../meta/table.ts';
import { notAcceptable, onlyMediaTypes } from './errors.ts';
import { protobufType } from './mediaTypes.ts';

/** Describes how an answer is written. */
export interface Representation {
  format: 'json' | 'yaml' | 'protobuf';
  as?: 'Table' | 'PartialObjectMetadata';
  /** It was asked for as PartialObjectMetadataList, so for lists only. */
  asList?: boolean;
  /** meta.k8s.io version of the Table or the metadata, as asked. */
  version?: 'v1' | 'v1beta1';
}

/** Is one media type of an Accept header with its parameters, the quality among them. */
export interface MediaClause {
  type: string;
  parameters: Record<string, string>;
}

/** The clauses of an Accept header in order of preference. */
export function parseAccept(header: string): MediaClause[] {
  const clauses = header.split(',').map((clause) => {
    const [type = '', ...rest] = clause.split(';').map((part) => part.trim());
    const parameters: Record<string, string> = table({});
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
 * The representation for objects and lists. JSON is given wherever it is accepted at all, since objects are stored in it;
 * protobuf to clients that take nothing else, or prefer it for what has to be made anyway. Throws NotAcceptable; `streams`: in words that name the forms of a watch too.
 */
export function representationFor(accept: string | undefined, streams = false): Representation {
  if (accept === undefined || accept === '' || accept === 'application/json') return plain;
  const cached = known.get(accept);
  if (cached) return cached;
  const clauses = parseAccept(accept);
  const found = choose(clauses);
  if (!found) throw clauses.some(({ type }) => formats[type]) ? onlyMediaTypes() : notAcceptable(streams);
  // Clients send a handful of different headers; anything more is not worth remembering.
  if (known.size < 100) known.set(accept, found);
  return found;
}

function choose(clauses: MediaClause[]): Representation | undefined {
  let fallback: Representation | undefined;
  for (const { type, parameters } of clauses) {
    const format = formats[type];
    const { as, g, v = '', stream = 'watch' } = parameters;
    if (!format || stream !== 'watch') continue;
    if (as && (g !== 'meta.k8s.io' || !['v1', 'v1beta1'].includes(v) || !forms[format].includes(as)))
      continue;
    const found: Representation = { format };
    if (as) {
      found.as = as.replace(/List$/, '') as Representation['as'];
      found.version = v as Representation['version'];
      if (as.endsWith('List')) found.asList = true;
    }
    if (format !== 'protobuf' || as) return found;
    fallback ??= found;
  }
  return fallback;
}

/** The format of what has only one form: a Status, discovery. Undefined when there is none. */
export function formatOf(accept: string | undefined): Representation['format'] | undefined {
  if (!accept) return 'json';
  const found = parseAccept(accept).flatMap(({ type }) => formats[type] ?? []);
  return found.find((format) => format !== 'protobuf') ?? found[0];
}

const formats: Record<string, Representation['format']> = table({
  '*/*': 'json',
  'application/*': 'json',
  'application/json': 'json',
  'application/yaml': 'yaml',
  [protobufType]: 'protobuf',
});

const metadata = ['PartialObjectMetadata', 'PartialObjectMetadataList'];
const forms: Record<Representation['format'], string[]> = {
  json: ['Table', ...metadata],
  yaml: ['Table', ...metadata],
  protobuf: metadata,
};

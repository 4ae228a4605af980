import { constructFromEvents, DUMP_SCHEMA, dump, EVENT_ID, parseEvents, YAMLException } from 'js-yaml';
import { maxDepth } from '../../kinds/schema/mismatch.ts';
import { repeatedKeys } from './yamlKeys.ts';
import { kubernetesSchema } from './yamlSchema.ts';

/** The text is no YAML, or more than is taken of it. The message is in the words of a real server where they are known. */
export class MalformedYaml extends Error {}

/** Is a YAML body as a JSON value, with the warnings that strict parsing gives about it. */
export interface ParsedYaml {
  value: unknown;
  /** `line 3: key "name" already set in map` for each key that stands twice in a mapping. */
  repeated: string[];
}

/** Parses a YAML text, in this thread or elsewhere. Rejects with MalformedYaml. */
export type ParseYaml = (text: string) => Promise<ParsedYaml>;

/** Is what aliases may blow a text up to, in characters: as much as a body may have. */
const maxExpanded = 3 * 1024 * 1024;

/**
 * The first document of a YAML 1.1 text as plain values; nothing at all is null. Time and memory are linear in the
 * length of the text: depth is bounded, and so is what aliases and merge keys repeat. Throws MalformedYaml.
 */
export function parseYaml(text: string): ParsedYaml {
  try {
    const all = parseEvents(text, { maxDepth });
    const second = all.findIndex(({ type }, at) => at > 0 && type === EVENT_ID.DOCUMENT);
    const events = second < 0 ? all : all.slice(0, second);
    if (!events.length) return { value: null, repeated: [] };
    const [value] = constructFromEvents(events, { source: text, schema: kubernetesSchema });
    if (events.some(({ type }) => type === EVENT_ID.ALIAS)) checkExpansion(value);
    return { value, repeated: repeatedKeys(events, text) };
  } catch (error) {
    if (error instanceof YAMLException) throw new MalformedYaml(inGo(error));
    if (error instanceof RangeError) throw new MalformedYaml(tooDeep);
    throw error;
  }
}

const tooDeep = `yaml: exceeded max depth of ${maxDepth}`;

/** Aliases are the same object at several places, and each place is written out in full. */
function checkExpansion(value: unknown): void {
  let size = 0;
  const rest: unknown[] = [value];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    size += typeof next === 'string' ? next.length : 1;
    if (typeof next === 'object' && next !== null)
      for (const [key, inner] of Object.entries(next)) {
        size += key.length;
        rest.push(inner ?? 0);
      }
    if (size + rest.length > maxExpanded)
      throw new MalformedYaml('yaml: document contains excessive aliasing');
  }
}

function inGo({ reason, mark }: YAMLException): string {
  if (/maxDepth/.test(reason)) return tooDeep;
  const alias = /unidentified alias "(.*)"/.exec(reason)?.[1];
  if (alias !== undefined) return `yaml: unknown anchor '${alias}' referenced`;
  if (/end of the stream within a flow/.test(reason) && /[[{,]\s*$/.test(mark?.buffer ?? ''))
    return `yaml: line ${mark!.line + 1}: did not find expected node content`;
  return `yaml: ${mark ? `line ${mark.line + 1}: ` : ''}${reason}`;
}

/** Integers that a number cannot hold are written with all their digits. */
const answers = DUMP_SCHEMA.withTags(
  ...DUMP_SCHEMA.tags.flatMap((tag) =>
    tag.nodeKind === 'scalar' && tag.tagName === 'tag:yaml.org,2002:int'
      ? {
          ...tag,
          identify: (value: unknown) => typeof value === 'bigint' || tag.identify(value),
          represent: String,
        }
      : [],
  ),
);

/** As `application/yaml` answers are written: keys sorted. */
export const toYaml = (value: unknown): string =>
  dump(value, {
    schema: answers,
    sortKeys: true,
    lineWidth: -1,
    noRefs: true,
    seqNoIndent: true,
    quoteStyle: 'double',
  });

import { table } from '../../shared/meta/table.ts';

type Value = string | boolean | null | Value[] | { [key: string]: Value };

/** A line's part: the dash of an item, a key with or without its value, or an item's own text. */
interface Part {
  indent: number;
  isItem?: boolean;
  key?: string;
  value?: Value;
}

/**
 * Reads the plain YAML that kubeconfigs are written in: mappings and lists by indentation, values of one line that need no
 * rules to be understood. Undefined for whatever else YAML has; the library that reads it all takes some 8 ms to load.
 */
export function readPlainYaml(text: string): Value | undefined {
  const parts: Part[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const found = partsOf(line);
    if (!found) return undefined;
    parts.push(...found);
  }
  const reader = new Reader(parts);
  const value = reader.node(0);
  return reader.isDone ? value : undefined;
}

/** Their keys are other than texts, or no own properties. */
const odd = /^(true|false|null|constructor|prototype)$/i;
const line = /^( *)((?:- )*)(?:([A-Za-z][\w-]*):(?: (.+))?|(\S+))$/;
/** No number, no date and no indicator begins like this, and no `: ` or ` #` is in it. */
const bare = /^-{0,2}[A-Za-z/][\w+/=.:@-]*$/;

function partsOf(text: string): Part[] | undefined {
  const [, spaces, dashes, key, after, alone] = line.exec(text) ?? [];
  if (spaces === undefined || dashes === undefined) return undefined;
  const items = Array.from({ length: dashes.length / 2 }, (_, at) => ({
    indent: spaces.length + 2 * at,
    isItem: true,
  }));
  const indent = spaces.length + dashes.length;
  if (alone !== undefined) {
    const value = scalar(alone);
    return dashes && value !== undefined ? [...items, { indent, value }] : undefined;
  }
  if (odd.test(key!)) return undefined;
  if (after === undefined) return [...items, { indent, key }];
  const value = scalar(after);
  return value === undefined ? undefined : [...items, { indent, key, value }];
}

function scalar(text: string): Value | undefined {
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (/^"[^"\\]*"$/.test(text)) return text.slice(1, -1);
  if (text === 'true' || text === 'false') return text === 'true';
  return bare.test(text) && !text.endsWith(':') && !odd.test(text) ? text : undefined;
}

class Reader {
  readonly #parts: Part[];
  #at = 0;

  constructor(parts: Part[]) {
    this.#parts = parts;
  }

  get isDone(): boolean {
    return this.#at === this.#parts.length;
  }

  /** What begins here, or null where nothing is indented so far. What does not fit is left, and so nothing is done. */
  node(least: number): Value {
    const next = this.#parts[this.#at];
    if (!next || next.indent < least) return null;
    if (next.isItem) return this.#list(next.indent);
    return next.key === undefined ? null : this.#mapping(next.indent);
  }

  #mapping(indent: number): Value {
    const found: Record<string, Value> = table({});
    for (;;) {
      const { key, value } = this.#next(({ indent: at, key }) => at === indent && key !== undefined);
      if (key === undefined || Object.hasOwn(found, key)) return found;
      this.#at++;
      const isListBelow = this.#parts[this.#at]?.isItem && this.#parts[this.#at]?.indent === indent;
      found[key] = value ?? this.node(isListBelow ? indent : indent + 1);
    }
  }

  #list(indent: number): Value {
    const found: Value[] = [];
    while (this.#next(({ indent: at, isItem }) => at === indent && isItem === true).isItem) {
      this.#at++;
      const { key, value } = this.#parts[this.#at]!;
      if (key === undefined && value !== undefined) {
        found.push(value);
        this.#at++;
      } else found.push(this.node(indent + 1));
    }
    return found;
  }

  #next(fits: (part: Part) => boolean): Partial<Part> {
    const part = this.#parts[this.#at];
    return part && fits(part) ? part : {};
  }
}

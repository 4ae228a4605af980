/** Reads the declarations of a Go file as far as Kubernetes API types use the language: gofmt'd, one field a line. */

export interface GoField {
  /** Undefined for an embedded field. */
  name?: string;
  type: string;
  tags: Record<string, string>;
  markers: Markers;
}

/** `+name=value` comment lines; a name may repeat (listMapKey). */
export type Markers = Map<string, string[]>;

export interface GoFile {
  /** Import alias → import path. */
  imports: Map<string, string>;
  structs: Map<string, { fields: GoField[]; markers: Markers }>;
  /** `type Name underlying`, and aliases. */
  named: Map<string, { type: string; markers: Markers }>;
  /** Typed constants; the value is a literal or the name of another constant. */
  constants: { name: string; type: string; value: string }[];
}

/** The file with no types but those that are wanted. */
export function wantedOf(file: GoFile, only?: (name: string) => boolean): GoFile {
  if (!only) return file;
  const wanted = <T>(types: Map<string, T>) => new Map([...types].filter(([name]) => only(name)));
  return { ...file, structs: wanted(file.structs), named: wanted(file.named) };
}

export function parseGo(source: string): GoFile {
  const file: GoFile = { imports: new Map(), structs: new Map(), named: new Map(), constants: [] };
  const lines = source.split('\n');
  let comment: string[] = [];
  // A marker above a type may be parted from it by a blank line; above a field it may not.
  let earlier: string[] = [];
  let open: { fields: GoField[] } | undefined;

  for (const raw of lines) {
    const line = raw.trim();
    if (line.startsWith('//')) {
      comment.push(line.slice(2).trim());
      continue;
    }
    if (line === '') {
      if (comment.length > 0) earlier = comment;
      comment = [];
      continue;
    }
    const imported = /^(?:import )?(\w+ )?"([\w./-]+)"$/.exec(line);
    if (imported) {
      const path = imported[2]!;
      file.imports.set(imported[1]?.trim() ?? path.slice(path.lastIndexOf('/') + 1), path);
    }
    const constant = /^(?:const )?(\w+) +(\w+) *= *("[^"]*"|-?\d+)/.exec(line);
    const converted = /^(?:const )?(\w+) *= *(\w+)\((?:\w+\.)?("[^"]*"|\w+)\)/.exec(line);
    const declared = constant ?? converted;
    if (declared && !open) {
      file.constants.push({ name: declared[1]!, type: declared[2]!, value: declared[3]! });
    }

    const struct = /^type (\w+) struct ?\{(\})?$/.exec(line);
    const named = /^type (\w+) (?:= )?([\w.[\]*]+)$/.exec(line);
    if (struct) {
      const fields: GoField[] = [];
      open = struct[2] ? undefined : { fields };
      file.structs.set(struct[1]!, { fields, markers: markersOf([...earlier, ...comment]) });
    } else if (named) {
      file.named.set(named[1]!, { type: named[2]!, markers: markersOf([...earlier, ...comment]) });
    } else if (line === '}') {
      open = undefined;
    } else if (open) {
      const field = parseField(line, markersOf(comment));
      if (field) open.fields.push(field);
    }
    comment = [];
    earlier = [];
  }
  return file;
}

function parseField(line: string, markers: Markers): GoField | undefined {
  const match = /^(?:(\w+) +)?([\w.[\]*]+(?:\{\})?) *(?:`([^`]*)`)?(?: *\/\/.*)?$/.exec(line);
  if (!match) return undefined;
  const tags: Record<string, string> = {};
  for (const [, key, value] of (match[3] ?? '').matchAll(/(\w+):"([^"]*)"/g)) tags[key!] = value!;
  return { name: match[1], type: match[2]!, tags, markers };
}

function markersOf(comment: string[]): Markers {
  const markers: Markers = new Map();
  for (const line of comment) {
    const match = /^\+([\w:.]+)(?:=(.*))?$/.exec(line);
    if (!match) continue;
    const values = markers.get(match[1]!) ?? [];
    values.push(match[2] ?? '');
    markers.set(match[1]!, values);
  }
  return markers;
}

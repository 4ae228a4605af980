import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';

const mostProblems = 100;

/** An open mapping or sequence. */
interface Level {
  /** Keys so far; none for a sequence. */
  keys?: Set<string>;
  expectsKey: boolean;
}

/** `line 3: key "name" already set in map` for each key that stands twice in a mapping, in the order of the text. */
export function repeatedKeys(events: readonly Event[], text: string): string[] {
  const found: string[] = [];
  const open: Level[] = [];
  const lines = lineCounter(text);
  for (const event of events) {
    const level = open.at(-1);
    if (event.type === EVENT_ID.POP) open.pop();
    else if (event.type === EVENT_ID.DOCUMENT) open.push({ expectsKey: false });
    else {
      const isKey = level?.expectsKey === true;
      if (level?.keys) level.expectsKey = !isKey;
      if (event.type === EVENT_ID.MAPPING) open.push({ keys: new Set(), expectsKey: true });
      else if (event.type === EVENT_ID.SEQUENCE) open.push({ expectsKey: false });
      else if (isKey && event.type === EVENT_ID.SCALAR) {
        const key = getScalarValue(text, event);
        if (key !== '<<' && level.keys!.has(key))
          found.push(`line ${lines(event.valueStart)}: key ${JSON.stringify(key)} already set in map`);
        level.keys!.add(key);
        if (found.length === mostProblems) break;
      }
    }
  }
  return found;
}

/** The line of an offset; each call looks on from where the last one ended. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    for (let next = text.indexOf('\n', at); next >= 0 && next < offset; next = text.indexOf('\n', at)) {
      line++;
      at = next + 1;
    }
    return line;
  };
}

import type { Io } from './verb.ts';

/** Prints a value that is no object of the API, for programs to read. */
export async function printAs(form: 'json' | 'yaml', value: object, { out }: Pick<Io, 'out'>): Promise<void> {
  if (form === 'json') return out(JSON.stringify(value, undefined, 2));
  const { stringify } = await import('yaml');
  // What is undefined stands in no JSON, and so in no YAML.
  out(stringify(JSON.parse(JSON.stringify(value)), { lineWidth: 0 }).trimEnd());
}

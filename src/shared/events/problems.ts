/** Is told of each mistake of a file: the place of the field, and what is wrong with it. */
export type Wrong = (problem: string) => void;

/** The planes differ in what their targets can do. */
export type Plane = 'local' | 'aws';

/** Tells of fields that are not known: a misspelt one would change nothing, and nobody would see why. */
export function onlyFields(value: object, known: readonly string[], at: string, wrong: Wrong): void {
  for (const field of Object.keys(value))
    if (!known.includes(field))
      wrong(`${at}${field}: Unsupported value: supported values: ${known.join(', ')}`);
}

/** Values by their keys: text from the command line, anything from cdk.json. */
export type Context = (key: string) => unknown;

/** Reads values of the context. Each call throws an error that names the key and what it should be. */
export interface Reader {
  text(key: string): string | undefined;
  flag(key: string, otherwise: boolean): boolean;
  count(key: string, otherwise: number): number;
  /** One of these words; the first where nothing is said. */
  choice<Word extends string>(key: string, words: readonly [Word, ...Word[]]): Word;
  /** A value without which another key means nothing. */
  needed(key: string, by: string): string;
  list(key: string): string[];
}

/** Makes the reader of a context. */
export function readerOf(context: Context): Reader {
  const text = (key: string) => {
    const value = context(key);
    return value === undefined || value === '' ? undefined : String(value);
  };
  return {
    text,
    flag: (key, otherwise) => {
      const value = text(key);
      if (value !== undefined && value !== 'true' && value !== 'false')
        throw new Error(`-c ${key} is true or false, not ${JSON.stringify(value)}`);
      return value === undefined ? otherwise : value === 'true';
    },
    count: (key, otherwise) => {
      const value = Number(text(key) ?? otherwise);
      if (!Number.isInteger(value) || value <= 0) throw new Error(`-c ${key} is a positive number`);
      return value;
    },
    choice: (key, words) => {
      const value = text(key) ?? words[0];
      const found = words.find((word) => word === value);
      if (!found) throw new Error(`-c ${key} is ${words.join(' or ')}, not ${JSON.stringify(value)}`);
      return found;
    },
    needed: (key, by) => {
      const value = text(key);
      if (!value) throw new Error(`-c ${by} needs -c ${key}`);
      return value;
    },
    list: (key) =>
      text(key)
        ?.split(',')
        .map((part) => part.trim()) ?? [],
  };
}

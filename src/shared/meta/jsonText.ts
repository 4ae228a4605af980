import type { Steps } from './steps.ts';

/** Is how many members of an object or a list are written in one step. */
const membersAtOnce = 1000;
/** An object or a list with more members than this is written in groups of them, one with fewer member by member. */
const fewMembers = 16;
/** Levels; what is below is written in one step. */
const mostLevels = 16;

type Container = Record<string, unknown> | unknown[];

/** Writes what JSON.stringify does, in steps: a long list or map, wherever it stands among few others, takes many. */
export function* jsonText(value: unknown, level = 0): Steps<string> {
  if (!isContainer(value) || level >= mostLevels) return JSON.stringify(value);
  const keys = Object.keys(value);
  const texts: string[] = [];
  if (keys.length <= fewMembers)
    for (const key of keys) {
      const member = (value as Record<string, unknown>)[key];
      if (Array.isArray(value)) texts.push(yield* jsonText(member ?? null, level + 1));
      else if (member !== undefined)
        texts.push(`${JSON.stringify(key)}:${yield* jsonText(member, level + 1)}`);
    }
  else
    for (let at = 0; at < keys.length; at += membersAtOnce) {
      const text = JSON.stringify(some(value, keys, at)).slice(1, -1);
      if (text) texts.push(text);
      yield;
    }
  return Array.isArray(value) ? `[${texts.join(',')}]` : `{${texts.join(',')}}`;
}

/** The members from a place on, as many as are written in one step. */
function some(value: Container, keys: string[], at: number): Container {
  if (keys.length <= membersAtOnce) return value;
  if (Array.isArray(value)) return value.slice(at, at + membersAtOnce);
  return Object.fromEntries(keys.slice(at, at + membersAtOnce).map((key) => [key, value[key]]));
}

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

import { RE2JS } from 're2js';
import { remembering } from '../../meta/remembering.ts';
import { step } from '../values/steps.ts';

/** A regular expression in Go's syntax, or why it is none. Matching takes time in proportion to the text. */
export type Pattern = { readonly pattern: RE2JS } | { readonly problem: string };

/** Those that are kept have so many instructions together: an instruction takes some 75 bytes. */
const mostKept = 500_000;

/** @throws Interrupted when the pattern is so large that compiling it alone takes too long. */
export const compilePattern = remembering(
  {
    ...{ most: 1_000, mostWeight: mostKept },
    weigh: (source, made: Pattern) => source.length + ('pattern' in made ? made.pattern.programSize() : 0),
  },
  (source: string): Pattern => {
    step(stepsOfInstruction * mostInstructions(source));
    try {
      return { pattern: RE2JS.compile(source) };
    } catch (error) {
      return { problem: inWords(error instanceof Error ? error.message : String(error), source) };
    }
  },
);

/** The problem as Go shows it: with what it is about, which RE2JS leaves out where that is all of the pattern, or none of it. */
function inWords(message: string, source: string): string {
  if (/ (?:expression nests too deeply|expression too large)$/.test(message))
    return `${message}: \`${source}\``;
  return message.endsWith(' trailing backslash at end of expression') ? `${message}: \`\`` : message;
}

/** Compiling takes some microseconds for each instruction. */
const stepsOfInstruction = 4;

/** Is how many letters an instruction is tried on in the time of a step. */
const lettersOfStep = 20;

/** Counts the work of looking for a pattern: each letter may try each instruction. @throws Interrupted */
export function stepThrough({ pattern }: { readonly pattern: RE2JS }, letters: number): void {
  step(Math.ceil((letters * pattern.programSize()) / lettersOfStep));
}

/** RE2 lets repetitions within each other repeat no more than this. */
const mostRepeats = 1_000;

/** Returns about how many instructions a pattern has at most: as if all of it were repeated as often as the most repeated part. */
function mostInstructions(source: string): number {
  let [single, groups] = [1, 1];
  for (const [, group, least, most] of source.matchAll(/(\)?)\{(\d+),?(\d*)\}/g)) {
    const count = Math.max(1, Number(most || least));
    if (group) groups *= count;
    else single = Math.max(single, count);
  }
  return source.length * Math.min(mostRepeats, single * groups);
}

import { stripVTControlCharacters } from 'node:util';

/** Describes what became of one function of the suite. It ends at its first assertion that fails. */
export interface Result {
  name: string;
  passed: boolean;
  /** How many assertions held. */
  assertions: number;
  /** The last lines of one that failed. */
  tail: string[];
}

const tailLines = 25;

/** Reads what the suite has printed. The canary, which the suite expects to fail, is left out. */
export function resultsOf(log: string): Result[] {
  const cases = stripVTControlCharacters(log)
    .split(/^\+\+\+ Running case: test-cmd\./m)
    .slice(1);
  return cases.map(resultOf).filter(({ name }) => name !== 'record_command_canary');
}

/** One without an exit code was cut off. */
function resultOf(text: string): Result {
  const [head = '', ...said] = text.split('\n');
  const end = said.findIndex((line) => line.startsWith('+++ exit code: '));
  const lines = end < 0 ? said : said.slice(0, end);
  const passed = said[end] === '+++ exit code: 0';
  const assertions = lines.filter((line) => /^(\S+: )?Successful\b/.test(line)).length;
  return { name: head.trim(), passed, assertions, tail: passed ? [] : lines.slice(-tailLines) };
}

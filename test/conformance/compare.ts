import { type Answer, type Recorded, type Verdict, verdictOn } from '../../tools/conformance/verdicts.ts';

/** What is wrong with an answer: lines with `-` are missing, lines with `+` are too many. Empty when it is the same. */
export function differences(
  recorded: Recorded,
  expected: Recorded,
  answer: Answer,
  verdict = verdictOn(recorded),
): string[] {
  const { differs, lines, says, exitCode = expected.exitCode } = verdict;
  const found: string[] = [];
  if (!expected.stopped && exitCode !== answer.exitCode)
    found.push(`exit code ${answer.exitCode} instead of ${exitCode}`);
  const said = `${answer.stdout}${answer.stderr}`;
  if (says && !new RegExp(says).test(said)) found.push(`it says ${said} and not ${says}`);
  if (differs && !lines) return found;
  for (const stream of ['stdout', 'stderr'] as const) {
    const wanted = relevant(recorded, verdict, expected[stream]);
    const got = relevant(recorded, verdict, answer[stream]);
    found.push(
      ...unequal(
        verdict,
        wanted,
        stream === 'stdout' && recorded.truncated ? got.slice(0, wanted.length) : got,
      ),
    );
  }
  return found;
}

function relevant(recorded: Recorded, verdict: Verdict, text = ''): string[] {
  const ignored = (verdict.lines ?? []).map((pattern) => new RegExp(pattern));
  const all = text.split('\n');
  // What follows the last line feed is no line.
  if (recorded.truncated && all.at(-1) === '') all.pop();
  return all.filter((line) => !ignored.some((pattern) => pattern.test(line)));
}

function unequal(verdict: Verdict, wanted: string[], got: string[]): string[] {
  const extra = got.filter((line) => !wanted.includes(line)).map((line) => `+ ${line}`);
  if (verdict.subset) return extra;
  if (wanted.join('\n') === got.join('\n')) return [];
  const missing = wanted.filter((line) => !got.includes(line)).map((line) => `- ${line}`);
  return missing.length + extra.length
    ? [...missing, ...extra]
    : ['the same lines in another order or number', ...got];
}

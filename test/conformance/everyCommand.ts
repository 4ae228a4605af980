import { expect, test } from '@jest/globals';
import { commands, type Recorded, type Verdict, verdictOn } from '../../tools/conformance/verdicts.ts';
import type { ToolVersion } from '../../tools/kubectl.ts';
import { differences } from './compare.ts';
import type { Replay } from './replay.ts';

export interface Stage {
  version: ToolVersion;
  replay(): Replay;
  /** By name of the command: what is another story here than where the verdicts are from, and why. */
  deviations?: Record<string, Verdict>;
  /** For one command. */
  limitMs?: number;
}

/** A test for every recorded command, one after the other: each finds what those before it left. */
export function testEveryCommand({ version, replay, deviations = {}, limitMs = 60_000 }: Stage): void {
  test.each(
    commands.map((recorded): [string, Recorded] => [`${recorded.name}: ${recorded.command}`, recorded]),
  )(
    '%s',
    async (_, recorded) => {
      const deviation = deviations[recorded.name];
      const verdict = deviation ?? verdictOn(recorded);
      const { notYet, instead = [], differs, lines, says, exitCode } = verdict;
      for (const command of instead) expect(await replay().shell(command)).toMatchObject({ exitCode: 0 });
      if (notYet) return;
      const stopped = recorded.stopped && exitCode === undefined;
      const expected = { ...recorded, ...(version === 'v32' && recorded.v32), stopped };
      // Of output that differs altogether there is nothing to wait for.
      const answer = await replay().answer(expected, differs && !lines ? 500 : undefined);
      const usual = differences(recorded, expected, answer);
      if (deviation?.sometimes && usual.length === 0) return;
      expect(differences(recorded, expected, answer, verdict)).toEqual([]);
      // What is no deviation any more is to be taken out of the list.
      if (deviation && instead.length === 0 && !says) expect(usual).not.toEqual([]);
    },
    limitMs,
  );
}

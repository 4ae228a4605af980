import type { ToolVersion } from '../kubectl.ts';
import table from './awsVerdicts.json' with { type: 'json' };
import { commands, type Verdict, verdictOn } from './verdicts.ts';

interface Deviation extends Verdict {
  /** The same as recorded, which it is not on one machine, and why. */
  same?: string;
  /** With that version of kubectl. */
  only?: string;
}

const deviations: Record<string, Deviation> = table;

/** By name of a recorded command: what is another story on AWS than on one machine, and why. */
export const onAws = (version: ToolVersion): Record<string, Verdict> =>
  Object.fromEntries(Object.entries(deviations).filter(([, { only = version }]) => only === version));

/** For docs/compatibility.md: how the recorded commands fare against a deployment. */
export function awsSection(): string {
  const there = onAws('v35');
  const fates = commands.map((recorded) => fateOf(there[recorded.name] ?? verdictOn(recorded)));
  const count = (fate: string) => `${fates.filter((each) => each === fate).length} ${fate}`;
  const rows = commands.flatMap(({ name, command }) => {
    const deviation = deviations[name];
    if (!deviation) return [];
    const sometimes = deviation.sometimes ? ', sometimes' : '';
    const version = deviation.only && ` (kubectl 1.${deviation.only.slice(1)})`;
    const reason = deviation.notYet ?? deviation.differs ?? deviation.same ?? '';
    return [`| \`${command}\` | ${fateOf(deviation)}${sometimes}${version ?? ''} | ${reason} |`];
  });
  return `## kubectl commands on AWS
The same commands, replayed against a deployment of the CDK app on an emulator, with its own controllers, tasks and load
balancers (\`test/aws/kubectlTable.test.ts\`). With kubectl 1.35: ${['same', 'differs by design', 'not yet'].map(count).join(', ')}. All but
these fare as in the table above.

| command | answer on AWS | reason |
| --- | --- | --- |
${rows.join('\n')}`;
}

const fateOf = ({ notYet, differs }: Verdict) =>
  notYet ? 'not yet' : differs ? 'differs by design' : 'same';

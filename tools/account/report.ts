import type { Checked } from './check.ts';
import type { Proof } from './prove.ts';

/** Why a run is not as it should be; empty when it is. */
export function troubles({ tried, left, trouble }: Proof): string[] {
  return [
    ...(trouble ? [trouble] : []),
    ...tried.flatMap(({ name, judgement, says }) =>
      judgement === 'differs' || judgement === 'failed' ? [`${name}: ${says}`] : [],
    ),
    ...left.map((each) => `left: ${each}`),
  ];
}

/** The report as a page. */
export function reportOf(proof: Proof, checked: Checked[], at: Date): string {
  const { name, region, emulated, tried, dollars, seconds, left, trouble } = proof;
  const where = emulated ? 'an emulator' : `an account, in ${region}`;
  return `${[
    `# shallop on ${where}`,
    `${at.toISOString()}: \`shallop-${name}\`, ${Math.round(seconds / 60)} minutes, at most $${dollars.toFixed(2)} by the price table.`,
    ...(emulated ? ['An emulator stood for the account: what it cannot judge says so.'] : []),
    ...(trouble ? [`**Not to its end:** ${trouble}`] : []),
    '## Before',
    table(
      ['', 'what', 'found'],
      checked.map(({ verdict, name: what, says, remedy }) => [
        verdict,
        what,
        remedy ? `${says} (${remedy})` : says,
      ]),
    ),
    '## What was tried',
    table(
      ['', 'question', 'answer', 's'],
      tried.map(({ judgement, question, says, seconds: took }) => [judgement, question, says, String(took)]),
    ),
    '## What is left',
    left.length ? left.map((each) => `- ${each}`).join('\n') : 'Nothing.',
  ].join('\n\n')}\n`;
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

import type { Verb } from './verb.ts';

export const overview = (verbs: Verb[]): string =>
  [
    'shallop: the Kubernetes API, serverless. Work with it through kubectl, Helm or any Kubernetes client.',
    '',
    'Usage:',
    '  shallop COMMAND [options]',
    '',
    'Commands:',
    ...columns(verbs.map(({ name, summary }) => [name, summary])),
    '',
    "Run 'shallop COMMAND --help' for more about a command.",
  ].join('\n');

export const helpOf = ({ summary, description, usage, options }: Verb): string =>
  [
    `${summary}.`,
    ...(description ? ['', description] : []),
    '',
    'Usage:',
    ...usage.map((form) => `  shallop ${form}`),
    '',
    'Options:',
    ...columns([
      ...Object.entries(options).map(([name, { value, short, help }]): [string, string] => [
        `${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`,
        help,
      ]),
      ['-h, --help', 'show this help'],
    ]),
  ].join('\n');

function columns(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

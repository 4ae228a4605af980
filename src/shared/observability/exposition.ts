/** A family of figures in Prometheus' text format. */
export interface Family {
  name: string;
  /** As upstream words it, with how stable it is: `[STABLE] Current working set of the node in bytes`. */
  help: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  samples: Sample[];
}

/** A figure: its labels, its value, and when it was read, in milliseconds since the epoch. */
export interface Sample {
  /** Says which figure of a summary or a histogram it is. */
  part?: 'bucket' | 'sum' | 'count';
  labels: Record<string, string>;
  value: number;
  at?: number;
}

/** Is the type of what expose() writes. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Families by name; those without figures are left out, as upstream leaves them. */
export const expose = (families: readonly Family[]): string =>
  families
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(
      ({ name, help, type, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((each) => line(name, each)).join('')}`,
    )
    .join('');

function line(name: string, { part, labels, value, at }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const set = pairs.length ? `{${pairs.join(',')}}` : '';
  return `${name}${part ? `_${part}` : ''}${set} ${value}${at === undefined ? '' : ` ${Math.round(at)}`}\n`;
}

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

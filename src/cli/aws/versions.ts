import { version as own } from '../../local/version.ts';
import type { Ask } from './deployment.ts';
import type { StackOutputs } from './stack.ts';

/** Describes which versions a deployment is of. */
export interface Versions {
  /** The shallop that its functions are; absent where the stack does not say it. */
  deployed?: string;
  commit?: string;
  /** The shallop of this command. */
  command: string;
  /** Absent where it is not known. */
  tableFormat?: number;
}

/** Asks the API for what the stack does not say, and leaves out what it refuses. */
export async function readVersions(ask: Ask, { release }: Pick<StackOutputs, 'release'>): Promise<Versions> {
  const figures = await ask('/metrics');
  const format = figures.status === 200 && /^shallop_table_format (\d+)$/m.exec(figures.body);
  return {
    ...(release && { deployed: release.version }),
    ...(release?.commit && { commit: release.commit }),
    command: own,
    ...(format && { tableFormat: Number(format[1]) }),
  };
}

/** The versions as people read them. */
export function versionLines(
  { deployed, commit, command, tableFormat }: Versions,
  kubernetes = 'not known',
): string[] {
  const differs = deployed !== undefined && deployed !== command;
  const own =
    deployed === undefined
      ? `shallop not known: the stack does not say it; this command is ${command}`
      : `shallop ${deployed}${commit ? ` (${commit})` : ''}, ${differs ? `this command is ${command}` : 'as this command'}`;
  const format =
    tableFormat === undefined
      ? 'format of the table not known: it takes the right to get /metrics'
      : `table of format ${tableFormat}`;
  return [
    `versions      ${own}; ${format}; Kubernetes ${kubernetes}`,
    ...(differs ? ['  → take the same version for both: docs/versioning.md#upgrading-on-aws'] : []),
  ];
}

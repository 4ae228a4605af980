import type { Container, LifecycleHandler } from '../../../shared/kinds/schema/types.ts';
import { lateAddress } from './late.ts';
import { httpCommand } from './probes.ts';
import { quoted } from './shell.ts';
import type { PlacedFile } from './volumes.ts';

/** The volume with the tools of what starts programs. */
export const toolsVolume = 'tools';

/** Where a container has the tools of what starts its program. Files of its own in images do not begin with a dot. */
export const toolsFolder = '/.shallop';

/**
 * Runs a program of Alpine in whatever image: musl's loader is its whole library, and busybox needs nothing else. Both are
 * copied into a volume by the container that fills the volumes.
 */
const busybox = [`${toolsFolder}/ld`, `${toolsFolder}/busybox`];

/** What has to be done in a container before, beside and after its program. */
export interface Start {
  container: Container;
  /** Variables that hold the Pod's address. */
  lateVariables: string[];
  /** Whether words of the command hold it. */
  isCommandLate: boolean;
  placed: PlacedFile[];
  postStart?: LifecycleHandler;
  /** The command of a preStop hook, which only this container can run. */
  preStop?: string[];
}

/** Returns the entry point that starts what the command names: the program and its arguments. */
export const starterOf = (start: Start): string[] => inShell(scriptOf(start));

/**
 * Returns a command that is run in the container by somebody else than what starts its program, with the environment that the
 * program has: whoever enters a container finds that of its definition, where the address is not yet.
 */
export const besideOf = (start: Start, command: string[]): string[] => [
  ...inShell([...functions, ...addressLines(start), ...becoming].join('\n')),
  ...command,
];

const inShell = (script: string): string[] => [...busybox, 'sh', '-c', script, 'shallop'];

/** Names of what the hooks of a container share with the helper that asks for its end: see hooks.ts. */
export const lockOf = ({ name }: Container): string => `lock-${name}`;
export const bellOf = ({ name }: Container): string => `bell-${name}`;

/**
 * The program takes the place of this shell, so that signals, its exit code and its number among the processes are its own. A
 * shell drops variables whose names it could not say itself (`discovery.type`): they are handed on as they came. Its own
 * begin with `shallop_`, since the container's are variables of it too.
 */
function scriptOf(start: Start): string {
  const { container, isCommandLate, placed, postStart, preStop } = start;
  return [
    ...functions,
    ...addressLines(start),
    ...(isCommandLate
      ? [`for shallop_word; do shift; set -- "$@" "\${shallop_word//${lateAddress}/$shallop_address}"; done`]
      : []),
    ...placed.map(placing),
    ...(postStart || preStop ? [beside(container, postStart, preStop)] : []),
    ...becoming,
  ].join('\n');
}

const functions = [
  `t() { ${busybox.join(' ')} "$@"; }`,
  'say() { echo "shallop: $1" >&2; }',
  'fail() { say "$1"; exit 128; }',
];

const addressLines = ({ lateVariables, isCommandLate }: Start): string[] =>
  lateVariables.length > 0 || isCommandLate
    ? [
        `read -r shallop_address < ${toolsFolder}/address || fail 'the address of the Pod is not known'`,
        ...lateVariables.map((name) => `export ${name}="\${${name}//${lateAddress}/$shallop_address}"`),
      ]
    : [];

const becoming = [
  'shallop_odd=',
  'while IFS= read -r -d "" shallop_entry; do',
  `  case "\${shallop_entry%%=*}" in [0-9]* | *[!A-Za-z0-9_]*) set -- "$shallop_entry" "$@"; shallop_odd=yes ;; esac`,
  'done < /proc/$$/environ',
  `[ -z "$shallop_odd" ] || exec ${busybox.join(' ')} env -- "$@"`,
  'exec "$@"',
];

function placing({ from, to }: PlacedFile): string {
  const folder = to.slice(0, to.lastIndexOf('/')) || '/';
  const failure = quoted(
    `the file ${to} cannot be put there: the container's user may not write to ${folder}`,
  );
  return `t mkdir -p ${quoted(folder)} && t cp -f ${quoted(from)} ${quoted(to)} || fail ${failure}`;
}

/**
 * What runs beside the program. It holds a lock for as long as it is there, so that others see whether it is; it ends after
 * the preStop hook, which it begins when somebody opens the bell. A failed postStart hook does not end it: a program that
 * has no handler of TERM goes on, since the kernel keeps that from the first process of a container.
 */
function beside(container: Container, postStart?: LifecycleHandler, preStop?: string[]): string {
  return [
    // Taken before the program runs, so that nobody who sees that finds it free.
    `exec 9< ${toolsFolder}/${lockOf(container)}`,
    't flock 9',
    '(',
    ...(postStart
      ? [`${hookCommand(postStart, container)} || { say 'PostStartHook failed'; kill -TERM $$; }`]
      : []),
    ...(preStop
      ? [
          `read -r shallop_bell < ${toolsFolder}/${bellOf(container)}`,
          `${words(preStop)} 9<&- || say 'PreStopHook failed'`,
        ]
      : []),
    ') &',
    'exec 9<&-',
  ].join('\n');
}

const words = (command: string[]): string => command.map(quoted).join(' ');

const hookSeconds = 30;

function hookCommand({ exec, httpGet, sleep }: LifecycleHandler, container: Container): string {
  if (exec) return `${words(exec.command ?? [])} 9<&-`;
  const asked = httpGet && httpCommand(httpGet, container, hookSeconds);
  if (asked) return `t ${words(asked)}`;
  return `t sleep ${sleep?.seconds ?? 0}`;
}

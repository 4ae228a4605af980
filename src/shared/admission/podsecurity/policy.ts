/** Is what the labels of a namespace say about the Pods in it. */
import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from '../../kinds/validation/causes.ts';
import { ownValue } from '../../meta/table.ts';
import type { Level, LevelVersion } from './checks.ts';

const prefix = 'pod-security.kubernetes.io/';
const levels: readonly string[] = ['privileged', 'baseline', 'restricted'];

/** A level for each of the three things that may be done about a Pod that does not meet it. */
export interface Policy {
  enforce: LevelVersion;
  audit: LevelVersion;
  warn: LevelVersion;
}

type Labels = Record<string, string> | undefined;

const privileged: LevelVersion = { level: 'privileged', minor: undefined };

const isLevel = (text: string): text is Level => levels.includes(text);

/** Returns how strict a level is. */
export const strictness = (level: Level): number => levels.indexOf(level);

/**
 * The policy of a namespace, and what is wrong about its labels. What cannot be read counts as the strictest where Pods
 * are refused, and as nothing where they are only told of.
 */
export function policyOf(labels: Labels): { policy: Policy; causes: Cause[] } {
  const causes: Cause[] = [];
  const read = (mode: keyof Policy): LevelVersion & { isLevelSet: boolean; isVersionSet: boolean } => {
    const level = ownValue(labels ?? {}, prefix + mode);
    const version = ownValue(labels ?? {}, `${prefix}${mode}-version`);
    const unread: Level = mode === 'enforce' ? 'restricted' : 'privileged';
    if (level !== undefined && !isLevel(level))
      causes.push(about(prefix + mode, level, `must be one of ${levels.join(', ')}`));
    const minor = version === undefined ? undefined : minorOf(version);
    if (version !== undefined && version !== 'latest' && minor === undefined)
      causes.push(about(`${prefix}${mode}-version`, version, 'must be "latest" or "v1.x"'));
    return {
      level: level === undefined ? 'privileged' : isLevel(level) ? level : unread,
      minor,
      isLevelSet: level !== undefined && (mode === 'warn' || isLevel(level)),
      isVersionSet: version !== undefined,
    };
  };
  const [enforce, audit, warn] = [read('enforce'), read('audit'), read('warn')];
  // Who forbids is taken to want to be told, too.
  if (!warn.isLevelSet && enforce.isLevelSet && strictness(enforce.level) > strictness(warn.level)) {
    warn.level = enforce.level;
    if (!warn.isVersionSet) warn.minor = enforce.minor;
  }
  return { policy: { enforce: plain(enforce), audit: plain(audit), warn: plain(warn) }, causes };
}

const plain = ({ level, minor }: LevelVersion): LevelVersion => ({ level, minor });

const about = (label: string, value: string, why: string): Cause =>
  invalidValue(`metadata.labels[${label}]`, value, why);

function minorOf(version: string): number | undefined {
  const digits = /^v1\.(0|[1-9][0-9]*)$/.exec(version)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

export const isSameLevel = (a: LevelVersion, b: LevelVersion): boolean =>
  a.level === b.level && a.minor === b.minor;

/** Returns whether the policy lets everything pass, without a word. */
export const isOpen = ({ enforce, audit, warn }: Policy): boolean =>
  [enforce, audit, warn].every(({ level }) => level === privileged.level);

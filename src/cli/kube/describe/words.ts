import type { LabelSelector, ObjectMeta, Toleration } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';
import { lastApplied } from '../apply/lastApplied.ts';
import { selectorText } from '../selector.ts';
import type { Page } from './page.ts';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number) => String(number).padStart(2, '0');

/** `Tue, 24 Nov 2026 14:52:30 +0000`, in the zone of this machine. */
export function dateText(time: string | undefined): string {
  if (!time) return 'Mon, 01 Jan 0001 00:00:00 +0000';
  const date = new Date(time);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${days[date.getDay()]}, ${two(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()} ${clock} ${zone}`;
}

/** Returns how long ago, as kubectl rounds it: `36s`, `5m12s`, `3h`, `12d`. */
export function ageText(time: string | undefined, now = Date.now()): string {
  if (!time) return '<unknown>';
  const seconds = Math.floor((now - Date.parse(time)) / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 120) return `${Math.max(0, seconds)}s`;
  const [minutes, hours, day] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), 24];
  if (minutes < 10) return both(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return both(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 8 * day) return both(Math.floor(hours / day), 'd', hours % day, 'h');
  if (hours < 2 * 365 * day) return `${Math.floor(hours / day)}d`;
  const years = Math.floor(hours / day / 365);
  return years < 8 ? both(years, 'y', Math.floor(hours / day) % 365, 'd') : `${years}y`;
}

const both = (large: number, unit: string, small: number, smallUnit: string) =>
  `${large}${unit}${small ? `${small}${smallUnit}` : ''}`;

export const pairs = (map: Record<string, string> | undefined): string[] =>
  Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${map![key]}`);

const longest = 140;

export function annotationLines(annotations: Record<string, string> | undefined): string[] {
  const keys = Object.keys(annotations ?? {}).filter((key) => key !== lastApplied);
  return keys.sort().flatMap((key) => {
    const value = ownValue(annotations, key)!.replace(/\n$/, '');
    if (value.length + key.length + 2 <= longest && !value.includes('\n')) return [`${key}: ${value}`];
    return [`${key}:`, ...value.split('\n').map((line) => `  ${shortened(line, longest - 2)}`)];
  });
}

const shortened = (text: string, length: number) =>
  text.length > length ? `${text.slice(0, length)}...` : text;

export function tolerationLines(tolerations: Toleration[] | undefined): string[] {
  const sorted = [...(tolerations ?? [])].sort((a, b) => ((a.key ?? '') < (b.key ?? '') ? -1 : 1));
  return sorted.map(({ key = '', value, effect, operator, tolerationSeconds }) => {
    const subject = `${key}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
    const exists = operator === 'Exists' && !value ? `${key || effect ? ' ' : ''}op=Exists` : '';
    return `${subject}${exists}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;
  });
}

/** Name, namespace, labels and annotations, with what a kind says between them. */
export function head(page: Page, metadata: ObjectMeta, between: (page: Page) => void = () => {}): void {
  page.field(0, 'Name', metadata.name).field(0, 'Namespace', metadata.namespace);
  between(page);
  page.list('Labels', pairs(metadata.labels)).list('Annotations', annotationLines(metadata.annotations));
}

export function controlledBy(page: Page, metadata: ObjectMeta): void {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  if (owner) page.field(0, 'Controlled By', `${owner.kind}/${owner.name}`);
}

export const selectorOf = (selector: LabelSelector | Record<string, string> | undefined): string =>
  selectorText(selector as Record<string, string>) || '<none>';

export function conditionRows(
  page: Page,
  conditions: { type: string; status: string; reason?: string }[] | undefined,
): void {
  if (!conditions?.length) return;
  page.write(0, 'Conditions:\n  Type\tStatus\tReason\n').write(1, '----\t------\t------\n');
  for (const { type, status, reason = '' } of conditions) page.write(1, `${type} \t${status}\t${reason}\n`);
}

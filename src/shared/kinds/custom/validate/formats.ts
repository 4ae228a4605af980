/** The formats of strings that a real server checks; others are ignored, with a warning when a definition is written. */

import { table } from '../../../meta/table.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { isIPv4, isIPv6, withoutZeros } from '../../validation/ipSyntax.ts';
import { type Finding, wrongType } from './finding.ts';
import { matches } from './patterns.ts';

/** Returns a finding when a string is not in its declared format; unknown formats are ignored. */
export function formatFindings(path: string, value: string, schema: JSONSchemaProps): Finding[] {
  const format = supportedFormat(schema);
  return format && !formats[normal(format)]!(value) ? [wrongType(path, format, value)] : [];
}

/** Undefined for one that is not checked. */
export const supportedFormat = ({ format }: JSONSchemaProps): string | undefined =>
  format && Object.hasOwn(formats, normal(format)) ? format : undefined;

/** `date-time` and `datetime` are the same. */
const normal = (format: string) => format.replaceAll('-', '');

const like = (pattern: RegExp) => (text: string) => pattern.test(text);
const uuid = (third: string, fourth: string) =>
  like(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${third}-?${fourth}-?[0-9a-f]{12}$`, 'i'));
const byte = '(0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';
const anyHex = '[0-9a-f]{4}';
const variant = '[89ab][0-9a-f]{3}';
const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const longest = 253;

const formats: Record<string, (text: string) => boolean> = table({
  bsonobjectid: like(/^[0-9a-fA-F]{24}$/),
  uri: isRequestUri,
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => isIPv4(withoutZeros(text)) || (text.includes('.') && isIPv6(text)),
  ipv6: isIPv6,
  cidr: isCidr,
  mac: like(
    /^([0-9a-f]{2}([:-]))([0-9a-f]{2}\2){4}([0-9a-f]{2})((\2[0-9a-f]{2}){2}|(\2[0-9a-f]{2}){14})?$|^([0-9a-f]{4}\.){2}([0-9a-f]{4}\.)?([0-9a-f]{4}\.){0,6}[0-9a-f]{4}$/i,
  ),
  uuid: uuid(anyHex, anyHex),
  uuid3: uuid('3[0-9a-f]{3}', anyHex),
  uuid4: uuid('4[0-9a-f]{3}', variant),
  uuid5: uuid('5[0-9a-f]{3}', variant),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: like(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: like(new RegExp(`^rgb\\(\\s*${byte}\\s*,\\s*${byte}\\s*,\\s*${byte}\\s*\\)$`)),
  byte: isBase64,
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => text.length <= 63 && new RegExp(`^${label}$`).test(text),
  k8slongname: (text) => text.length <= longest && new RegExp(`^${label}(\\.${label})*$`).test(text),
});

/** As Go parses the target of a request: absolute, or a path. */
function isRequestUri(text: string): boolean {
  if (!text || hasControl(text)) return false;
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return false;
  if (text.startsWith('/') || text === '*') return true;
  const [, scheme, rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text) ?? [];
  if (!scheme) return false;
  if (!rest.startsWith('//')) return true;
  const host = rest.slice(2).split(/[/?#]/, 1)[0]!.replace(/^.*@/, '');
  return /^(\[[0-9a-fA-F:.%]+\]|[^[\]:\\^<>"`{}|]*)(:\d*)?$/.test(host);
}

const hasControl = (text: string) => [...text].some((c) => c <= ' ' || c === '\x7f');

/** `a@b`, or a name and `<a@b>`. */
function isEmail(text: string): boolean {
  const address = /^\s*(?:(?:"(?:[^"\\]|\\.)*"|[^<>@,;:"]*)\s*<([^<>]+)>|([^<>]+))\s*$/.exec(text);
  const inner = address?.[1] ?? address?.[2];
  return (
    !!inner &&
    /^("(?:[^"\\]|\\.)+"|[^\s@<>()[\]:;,"\\.]+(\.[^\s@<>()[\]:;,"\\.]+)*)@(\[[^\s\]]+\]|[^\s@<>()[\]:;,"\\.]+(\.[^\s@<>()[\]:;,"\\.]+)*)$/.test(
      inner.trim(),
    )
  );
}

const hostname =
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$';

function isHostname(text: string): boolean {
  return (
    matches(hostname, text) &&
    Buffer.byteLength(text) <= 255 &&
    text.split('.').every((part) => Buffer.byteLength(part) <= 63)
  );
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const most = isIPv4(withoutZeros(address)) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= most;
}

const digits = (text: string) => [...text.replace(/[\s-]+/g, '')];

function isIsbn10(text: string): boolean {
  const all = digits(text);
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(all.join(''))) return false;
  return all.reduce((sum, d, i) => sum + (i + 1) * (d === 'X' ? 10 : Number(d)), 0) % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const all = digits(text);
  return (
    /^[0-9]{13}$/.test(all.join('')) &&
    all.reduce((sum, d, i) => sum + Number(d) * (i % 2 ? 3 : 1), 0) % 10 === 0
  );
}

const card =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/;

function isCreditCard(text: string): boolean {
  const number = text.replace(/[^0-9]+/g, '');
  if (!card.test(number)) return false;
  const sum = [...number].reverse().reduce((total, d, i) => {
    const value = Number(d) * (i % 2 ? 2 : 1);
    return total + (value >= 10 ? (value % 10) + 1 : value);
  }, 0);
  return sum % 10 === 0;
}

function isBase64(text: string): boolean {
  return text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
}

function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  if (!year) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

function isDateTime(text: string): boolean {
  const [date = '', time, ...rest] = text.toLowerCase().split('t');
  if (time === undefined || rest.length > 0 || !isDate(date)) return false;
  const [, hours, minutes, seconds] =
    /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/.exec(time) ?? [];
  return hours !== undefined && Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 60;
}

/** As Go reads durations, or anything with a number and a unit in it, as Scala's. */
const goDuration = /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))+)$/;
const unit = /^(ns|nano.*|us|µs|micro.*|ms|milli.*|s|sec.*|m|min.*|h|hr|hour.*|d|day.*|w|wk|week.*)$/i;

function isDuration(text: string): boolean {
  return (
    goDuration.test(text) ||
    [...text.matchAll(/\d+\s*([A-Za-zµ]+)/g)].some(([, name = '']) => unit.test(name))
  );
}

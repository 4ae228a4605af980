import type { ConfigMap, Secret, ServiceAccount } from '../../../shared/kinds/schema/types.ts';
import { isObject } from '../../../shared/meta/isObject.ts';
import type { KubeObject } from '../objects.ts';
import type { Page } from './page.ts';
import { head } from './words.ts';

/** Any object: every field with its name in words. */
export function generic(page: Page, object: KubeObject): void {
  head(page, object.metadata);
  const { managedFields, name, namespace, labels, annotations, ...metadata } = object.metadata;
  content(page, 0, { ...object, metadata });
}

function content(page: Page, level: number, fields: Record<string, unknown>): void {
  for (const field of Object.keys(fields).sort()) {
    const value = fields[field];
    if (Array.isArray(value)) {
      page.write(level, `${label(field)}:\n`);
      for (const item of value)
        if (isObject(item)) content(page, level + 1, item);
        else page.write(level + 1, `${item}\n`);
    } else if (isObject(value)) {
      page.write(level, `${label(field)}:\n`);
      content(page, level + 1, value);
    } else page.field(level, label(field), value ?? '<nil>');
  }
}

const acronyms = ['API', 'URL', 'UID', 'OSB', 'GUID'];

/** `creationTimestamp` is Creation Timestamp; names that are no words stay. */
function label(field: string): string {
  if (/[^\p{L}-]/u.test(field)) return field;
  const parts = field.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|-/gu) ?? [field];
  return parts
    .map((part) => {
      const upper = part.toUpperCase();
      return acronyms.includes(upper) ? upper : upper[0] + part.slice(1).toLowerCase();
    })
    .join(' ');
}

export function configMap(page: Page, { metadata, data = {}, binaryData = {} }: ConfigMap): void {
  head(page, metadata);
  page.write(0, '\nData\n====\n');
  for (const key of Object.keys(data).sort()) page.write(0, `${key}:\n----\n${data[key]}\n\n`);
  page.write(0, '\nBinaryData\n====\n');
  for (const key of Object.keys(binaryData).sort())
    page.write(0, `${key}: ${size(binaryData[key]!)} bytes\n`);
  page.write(0, '\n');
}

/** Values of Secrets are not shown, only how long they are. */
export function secret(page: Page, { metadata, type, data = {} }: Secret): void {
  head(page, metadata);
  page.write(0, '\n').field(0, 'Type', type).write(0, '\nData\n====\n');
  for (const key of Object.keys(data).sort()) page.field(0, key, `${size(data[key]!)} bytes`);
}

export function serviceAccount(page: Page, { metadata, imagePullSecrets }: ServiceAccount): void {
  head(page, metadata);
  page.list(
    'Image pull secrets',
    (imagePullSecrets ?? []).map(({ name = '' }) => name),
  );
}

const size = (base64: string) => Buffer.from(base64, 'base64').length;

import { type Document, isMap, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml';
import type { Pki } from '../pki/index.ts';
import { rewrite } from './write.ts';

/** Describes how to reach one control plane, or one of its logical clusters. */
export interface Access {
  /** Name of the context, the cluster and the user in the file. */
  context: string;
  /** `https://127.0.0.1:6443`, with `/clusters/<name>` for a logical cluster. */
  server: string;
  /** PEM; absent: a public certificate. */
  ca?: string;
  /** A client certificate, or a program that makes tokens. */
  admin?: Pki['admin'];
  exec?: CredentialPlugin;
}

/** As a kubeconfig has it under `users[].user.exec`. */
export interface CredentialPlugin {
  command: string;
  args: string[];
  env?: { name: string; value: string }[];
}

/**
 * Adds or renews one context in a kubeconfig and makes it the current one where none is (or `select` says so). Everything
 * else in the file, comments included, stays. The file is replaced in one step. Answers the current context afterwards.
 */
export async function mergeKubeconfig(file: string, access: Access, select = false): Promise<string> {
  let current = '';
  await rewrite(file, (text) => {
    const document = parsed(text, file);
    const { context } = access;
    put(document, 'clusters', { name: context, cluster: clusterOf(access) });
    put(document, 'users', { name: context, user: userOf(access) });
    put(document, 'contexts', { name: context, context: { cluster: context, user: context } });
    if (select || !document.get('current-context')) document.set('current-context', context);
    current = String(document.get('current-context'));
    return document.toString({ lineWidth: 0 });
  });
  return current;
}

/**
 * Takes a context with its cluster and user out again; the file stays as it is when it has none of them. Where it was the
 * current one, `next` becomes that, if it is in the file: kubectl without a context would try localhost:8080.
 */
export async function removeFromKubeconfig(file: string, context: string, next = ''): Promise<boolean> {
  let removed = false;
  await rewrite(file, (text) => {
    if (!text) return undefined;
    const document = parsed(text, file);
    removed = ['clusters', 'users', 'contexts'].map((list) => drop(document, list, context)).some(Boolean);
    if (!removed) return undefined;
    if (document.get('current-context') === context)
      document.set('current-context', has(document, 'contexts', next) ? next : '');
    return document.toString({ lineWidth: 0 });
  });
  return removed;
}

/** A kubeconfig of its own with this one context. */
export function kubeconfigText(access: Access): string {
  const document = parsed('', '');
  const { context } = access;
  put(document, 'clusters', { name: context, cluster: clusterOf(access) });
  put(document, 'users', { name: context, user: userOf(access) });
  put(document, 'contexts', { name: context, context: { cluster: context, user: context } });
  document.set('current-context', context);
  return document.toString({ lineWidth: 0 });
}

const base64 = (pem: string) => Buffer.from(pem).toString('base64');
const clusterOf = ({ server, ca }: Access) => ({
  server,
  ...(ca && { 'certificate-authority-data': base64(ca) }),
});
const userOf = ({ admin, exec }: Access) => ({
  ...(admin && {
    'client-certificate-data': base64(admin.certificate),
    'client-key-data': base64(admin.key),
  }),
  ...(exec && {
    exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'IfAvailable', ...exec },
  }),
});

function parsed(text: string, file: string): Document {
  const document = parseDocument(text.trim() ? text : 'apiVersion: v1\nkind: Config\n');
  if (document.errors[0] || !isMap(document.contents))
    throw new Error(
      `${file} is not a kubeconfig (${document.errors[0]?.message ?? 'not a map'}); nothing was changed`,
    );
  return document;
}

function listOf(document: Document, list: string): YAMLSeq {
  const found = document.get(list);
  if (isSeq(found)) return found;
  const made = new YAMLSeq();
  document.set(list, made);
  return made;
}

const named = (name: unknown) => (item: unknown) => isMap(item) && item.get('name') === name;

function put(document: Document, list: string, entry: { name: string } & Record<string, unknown>): void {
  const { items } = listOf(document, list);
  const node = document.createNode(entry) as YAMLMap;
  const at = items.findIndex(named(entry.name));
  if (at < 0) {
    // An empty list is written as [], and would stay so with items in it.
    listOf(document, list).flow = false;
    items.push(node);
  } else items[at] = node;
}

const has = (document: Document, list: string, name: string): boolean =>
  listOf(document, list).items.some(named(name));

function drop(document: Document, list: string, name: string): boolean {
  const found = document.get(list);
  if (!isSeq(found)) return false;
  const before = found.items.length;
  found.items = found.items.filter((item) => !named(name)(item));
  return found.items.length < before;
}

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** As much of an event of audit.k8s.io as is looked at. */
export interface Answered {
  readonly requestURI: string;
  readonly verb: string;
  readonly userAgent?: string;
  readonly responseStatus?: { readonly code: number; readonly reason?: string; readonly message?: string };
}

const policy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules: [{ level: Metadata }]
`;
const logOf = (folder: string) => join(folder, 'audit.log');

/** Flags of a control plane that writes down in `folder` what it answers. */
export async function auditedIn(folder: string): Promise<string[]> {
  const file = join(folder, 'audit.yaml');
  await writeFile(file, policy);
  return ['--audit-policy-file', file, '--audit-log-path', logOf(folder)];
}

/** The requests of programs that the control plane of `folder` refused, a line for each kind of them. */
export async function refusalsIn(folder: string): Promise<string[]> {
  const text = await readFile(logOf(folder), 'utf8').catch(() => '');
  return refusalsOf(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Answered),
  );
}

/**
 * What a reader has to judge: refused requests but for those that every cluster refuses, which are objects that are not
 * there and writes that come too late. Those of kubectl are the story's own.
 */
export function refusalsOf(answers: readonly Answered[]): string[] {
  const times = new Map<string, number>();
  for (const { requestURI, verb, userAgent = '', responseStatus } of answers) {
    const { code = 0, message = '' } = responseStatus ?? {};
    if (code < 400 || userAgent.startsWith('kubectl')) continue;
    if (code === 409 || (code === 404 && message.endsWith('" not found'))) continue;
    const program = userAgent.split('/')[0];
    const line = `${code} ${verb} ${requestURI.split('?')[0]} (${program}): ${message}`;
    times.set(line, (times.get(line) ?? 0) + 1);
  }
  return [...times].map(([line, count]) => `${count} × ${line}`);
}

/** What programs whose logs are in `folder` were warned of, as client-go and controller-runtime write it down, each once. */
export async function warningsIn(folder: string): Promise<string[]> {
  const logs = (await readdir(folder)).filter(
    (name) => name.endsWith('.log') && join(folder, name) !== logOf(folder),
  );
  const texts = await Promise.all(logs.map((name) => readFile(join(folder, name), 'utf8')));
  return warningsOf(texts.join('\n'));
}

/** The same of the text of logs. */
export function warningsOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => /\bwarnings\.go:\d+\]|KubeAPIWarningLogger/.test(line));
  return [
    ...new Set(lines.map((line) => line.replace(/^.*?(?:warnings\.go:\d+\]|KubeAPIWarningLogger"?)\s*/, ''))),
  ];
}

import { readFileSync } from 'node:fs';
import { request as send } from 'node:https';
import { parse } from 'yaml';
import { type Ask, contentType, impersonation, type Raw, type Request, warningsOf } from './case.ts';

/** A client of a real API server, by a kubeconfig with a token. */
export function askReference(kubeconfig: string): Ask {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8'));
  const { server, 'certificate-authority': authority } = clusters[0].cluster;
  const ca = readFileSync(authority);
  const { token } = users[0].user;
  return (request) => answerOf(server, ca, token, request);
}

function answerOf(server: string, ca: Buffer, token: string, request: Request): Promise<Raw> {
  const { line, body, accept = 'application/json' } = request;
  const [method, ...rest] = line.split(' ');
  const type = contentType(request);
  const bytes = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    accept,
    ...(type !== undefined && { 'content-type': type }),
    ...(bytes !== undefined && { 'content-length': Buffer.byteLength(bytes) }),
    ...grouped(impersonation(request)),
  };
  return new Promise((resolve, reject) => {
    const out = send(`${server}${rest.join(' ')}`, { method: method!, ca, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode!,
          body: parsed(Buffer.concat(chunks).toString()),
          warnings: warningsOf(answer.headers.warning),
        }),
      );
    });
    out.on('error', reject);
    out.end(bytes);
  });
}

const grouped = (lines: [string, string][]): Record<string, string[]> => {
  const byName = Map.groupBy(lines, ([name]) => name);
  return Object.fromEntries([...byName].map(([name, each]) => [name, each.map(([, value]) => value)]));
};

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

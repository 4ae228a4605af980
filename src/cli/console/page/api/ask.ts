import type { Status } from './types.ts';

/** An answer that says no. */
export class Refusal extends Error {
  readonly status: Status;
  constructor(status: Status) {
    super(status.message ?? 'the console does not answer');
    this.status = status;
  }
}

/** Asks the console's server, below the address of the page. @throws Refusal */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path.replace(/^\//, ''), init).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new Refusal({ code: 503, message: 'the console has ended: start `shallop console` again' });
  });
  if (response.ok) return response;
  const status = await response.json().catch(() => ({ code: response.status, message: response.statusText }));
  throw new Refusal(status as Status);
}

export const askJson = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await (await ask(path, { signal })).json()) as T;

/** The object as text for people. */
export const askYaml = async (path: string, signal?: AbortSignal): Promise<string> =>
  (await ask(path, { signal, headers: { accept: 'application/yaml' } })).text();

/** Replaces the object, or has the server say what would come of it. Answers the object as it is, or would be. */
export const replace = async (path: string, yaml: string, { dryRun }: { dryRun: boolean }): Promise<string> =>
  (
    await ask(`${path}${dryRun ? '?dryRun=All' : ''}`, {
      method: 'PUT',
      body: yaml,
      headers: { 'content-type': 'application/yaml' },
    })
  ).text();

/** Its text as it comes. */
export async function* pieces(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const { body } = await ask(path, { signal });
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

/** Its lines, as many at once as have come. */
export async function* batches(path: string, signal: AbortSignal): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of pieces(path, signal)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    yield lines.filter(Boolean);
  }
}

import type { LoadClient } from '../../bench/load.ts';

/** An object as it may stand: its value, or undefined where there is none. */
type Value = string | undefined;

/** What a writer writes: ConfigMaps, or Secrets, which are stored sealed. */
export type LedgerKind = 'ConfigMap' | 'Secret';

/** Writes objects of its own and knows, for each, every state that a killed server may have left. */
export interface LedgerWriter {
  readonly acknowledged: number;
  /** Creates, updates and deletes until the signal or a broken connection; answers refusals, which nobody expects. */
  write(client: LoadClient, signal: AbortSignal): Promise<string[]>;
  /** Reads everything back; answers what is not as acknowledged. */
  verify(client: LoadClient): Promise<string[]>;
}

/** What the values of each kind begin with; of Secrets no file may show it. */
export const marks = { ConfigMap: 'told-value', Secret: 'sealed-value' } as const;
const base64 = (text: string) => Buffer.from(text).toString('base64');

export function ledgerWriter(
  name: string,
  kind: LedgerKind,
  below: (count: number) => number,
  keys = 8,
): LedgerWriter {
  const all = `/api/v1/namespaces/default/${kind.toLowerCase()}s`;
  const written = (value: string) => (kind === 'Secret' ? base64(value) : value);
  const read = (value: string) => (kind === 'Secret' ? Buffer.from(value, 'base64').toString() : value);
  const possible = new Map<string, Value[]>(
    Array.from({ length: keys }, (_, i) => [`${name}-${i}`, [undefined]]),
  );
  let serial = 0;
  let acknowledged = 0;

  const body = (key: string, value: Value) => ({
    apiVersion: 'v1',
    kind,
    metadata: { name: key, labels: { writer: name } },
    ...(value !== undefined && { data: { value: written(value) } }),
  });

  async function once(client: LoadClient): Promise<string | undefined> {
    const key = `${name}-${below(keys)}`;
    const [before] = possible.get(key)!;
    const after = before !== undefined && below(3) === 0 ? undefined : `${marks[kind]}-${serial++}`;
    // Until it is answered, both may be so.
    possible.set(key, [before, after]);
    const answer = await (before === undefined
      ? client.call('POST', all, body(key, after))
      : after === undefined
        ? client.call('DELETE', `${all}/${key}`)
        : client.call('PUT', `${all}/${key}`, body(key, after)));
    const done = answer.status === 200 || answer.status === 201;
    possible.set(key, [done ? after : before]);
    if (!done) return `${key} ${before} -> ${after}: ${answer.status} ${answer.text}`;
    acknowledged++;
  }

  return {
    get acknowledged() {
      return acknowledged;
    },
    async write(client, signal) {
      const refused: string[] = [];
      while (!signal.aborted) {
        try {
          const wrong = await once(client);
          if (wrong) refused.push(wrong);
        } catch {
          break;
        }
      }
      return refused;
    },
    async verify(client) {
      const { status, text } = await client.call('GET', `${all}?labelSelector=writer=${name}`);
      if (status !== 200) return [`list: ${status} ${text}`];
      const items: { metadata: { name: string }; data: { value: string } }[] = JSON.parse(text).items;
      const found = new Map(items.map(({ metadata, data }) => [metadata.name, read(data.value)]));
      const wrong = [...possible]
        .filter(([key, states]) => !states.includes(found.get(key)))
        .map(([key, states]) => `${key} is ${found.get(key)}, not ${states.join(' or ')}`);
      for (const key of possible.keys()) possible.set(key, [found.get(key)]);
      return wrong;
    },
  };
}

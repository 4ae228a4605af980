import { request } from 'node:http';

export interface Tally {
  answers: number;
  /** Anything but a 200: refused, reset, timed out, other status. */
  failures: string[];
  byVersion: Record<string, number>;
}

/** Calls an address again and again, one request after the other on a new connection each, until stopped. */
export function keepCalling(url: string): { tally: Tally; stop(): Promise<Tally> } {
  const tally: Tally = { answers: 0, failures: [], byVersion: {} };
  let going = true;
  const loop = (async () => {
    while (going) {
      try {
        const text = await call(url);
        const version = /version (\S+)/.exec(text)?.[1] ?? '?';
        tally.answers++;
        tally.byVersion[version] = (tally.byVersion[version] ?? 0) + 1;
      } catch (error) {
        tally.failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    tally,
    stop: async () => {
      going = false;
      await loop;
      return tally;
    },
  };
}

/** One GET; rejects unless it is answered 200 within half a minute. */
export const call = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { agent: false, timeout: 30_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text.trim()) : reject(new Error(`HTTP ${response.statusCode}`)),
      );
      response.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 30 s')));
    outgoing.on('error', reject);
    outgoing.end();
  });

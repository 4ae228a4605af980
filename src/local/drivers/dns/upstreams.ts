import { readFileSync, statSync } from 'node:fs';
import type { Upstream } from './forward.ts';

/** The name servers of this machine as its resolv.conf has them now, which changes as networks come and go. */
export function machineUpstreams(file = '/etc/resolv.conf'): () => readonly Upstream[] {
  let seen = '';
  let known: Upstream[] = [];
  return () => {
    try {
      const { mtimeMs, size } = statSync(file);
      const version = `${mtimeMs} ${size}`;
      if (version !== seen) known = nameserversIn(readFileSync(file, 'utf8'));
      seen = version;
    } catch {
      known = [];
    }
    return known;
  };
}

const nameserversIn = (text: string): Upstream[] =>
  [...text.matchAll(/^\s*nameserver\s+([\da-fA-F.:]+(?:%\S+)?)/gm)].map(([, address = '']) => ({
    address,
    port: 53,
  }));

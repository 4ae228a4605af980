/** Hostnames of Gateway API: `shop.example.com`, `*.example.com` for any number of labels, and empty for all. */

/** Returns whether every host of `inner` is one of `outer`. */
export function covers(outer: string, inner: string): boolean {
  if (outer === '' || outer === inner) return true;
  if (!outer.startsWith('*')) return false;
  return (inner.startsWith('*') ? inner.slice(1) : inner).endsWith(outer.slice(1));
}

/** What two have in common; undefined for nothing. */
export const intersection = (a: string, b: string): string | undefined =>
  covers(a, b) ? b : covers(b, a) ? a : undefined;

/** The names that speak for a host, the most specific one first: itself, its wildcards, and the empty one. */
export function chainOf(host: string): string[] {
  const chain = [host];
  const labels = host.replace(/^\*\./, '').split('.');
  for (let i = 1; i < labels.length; i++) chain.push(`*.${labels.slice(i).join('.')}`);
  return host === '' ? chain : [...chain, ''];
}

/** Sorts what is more specific before what is less so: full names, then wildcards, the longer ones first, then none. */
export const bySpecificity = (a: string, b: string): number => rankOf(a) - rankOf(b) || b.length - a.length;

const rankOf = (name: string) => (name === '' ? 2 : name.startsWith('*') ? 1 : 0);

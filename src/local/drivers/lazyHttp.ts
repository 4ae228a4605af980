import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/**
 * Node's `http` or `https`, as an address has it, loaded by whoever is about to ask: `https` takes 9 ms, which a command that
 * asks nobody need not wait for. Not imported, for the reason that nodeHttp.ts has.
 */
export const httpFor = (address: string): typeof import('node:https') =>
  load(address.startsWith('https:') ? 'node:https' : 'node:http');

/**
 * Lets whoever names no authority in this process trust these and no other, and returns whether it does: Node 22.19 and 24.5 can.
 * A connection that names its own makes Node put together a store of the 140 that it brings all the same, which takes 2 ms.
 */
export function trustOnly(authorities: string): boolean {
  const { setDefaultCACertificates: set } = load('node:tls') as typeof import('node:tls');
  // OpenSSL's own form of a certificate is not one for this.
  if (authorities.includes('BEGIN TRUSTED')) return false;
  try {
    set?.([authorities]);
    return set !== undefined;
  } catch {
    // What is no certificate is told by the connection that names it.
    return false;
  }
}

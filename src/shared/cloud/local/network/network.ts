/** Cluster IPs on a system that does not answer for them by itself. Both calls are idempotent. */
export interface ClusterAddresses {
  add(address: string): Promise<void>;
  remove(address: string): Promise<void>;
}

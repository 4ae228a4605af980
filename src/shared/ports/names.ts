import type { ServiceRef } from './loadBalancers.ts';

/** Publishes the names of Services, `<service>.<namespace>.svc.cluster.local` and those below it. */
export interface NameService {
  /** Set where cluster IPs are routed: names of Services resolve to cluster IPs. Absent where they resolve to Pods. */
  readonly leadsToClusterIPs?: true;

  /** Replaces the records of the Service. Returns true when it has records now and had none before. */
  publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean>;

  /** Removes every record of the Service. Nothing happens when there is none. */
  withdraw(ref: ServiceRef): Promise<void>;

  /** Returns every Service with records, for sweeping; with `only`, the Services that have records of this name. */
  list(only?: Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>): Promise<ServiceRef[]>;
}

/** One DNS record of the zone of Services. */
export interface NameRecord {
  /** Relative to the zone: `web.default.svc`, `web-0.web.default.svc`, `_http._tcp.web.default.svc`. */
  name: string;
  type: 'A' | 'AAAA' | 'CNAME' | 'SRV';
  /** Values as in a zone file, one for each address. */
  values: string[];
}

/** The domain that all names of a cluster end in. */
export const clusterDomain = 'cluster.local';

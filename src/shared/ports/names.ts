import type { ServiceRef } from './loadBalancers.ts';

/** Publishes the names of Services, `<service>.<namespace>.svc.cluster.local` and those below it. */
export interface NameService {
  /** Cluster IPs route where names are asked for: names of Services lead to them. Absent: they lead to Pods. */
  readonly leadsToClusterIPs?: true;

  /** Makes the Service's records be these and no others. Answers whether it has any now and had none. */
  publish(ref: ServiceRef, records: NameRecord[]): Promise<boolean>;

  /** Removes every record of the Service. Nothing happens when there is none. */
  withdraw(ref: ServiceRef): Promise<void>;

  /** Every Service with records, for sweeping; or who has those of one name. */
  list(only?: Pick<ServiceRef, 'cluster' | 'namespace' | 'name'>): Promise<ServiceRef[]>;
}

/** One record of the zone that Services have their names in. */
export interface NameRecord {
  /** Relative to the zone: `web.default.svc`, `web-0.web.default.svc`, `_http._tcp.web.default.svc`. */
  name: string;
  type: 'A' | 'AAAA' | 'CNAME' | 'SRV';
  /** As in a zone file; several for several addresses. */
  values: string[];
}

/** The domain that all names of a cluster end in. */
export const clusterDomain = 'cluster.local';

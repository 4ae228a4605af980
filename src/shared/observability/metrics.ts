/** What is counted of requests. Drivers: prometheus.ts; tests take `noMetrics`. */
export interface RequestMetrics {
  request(labels: { verb: string; resource: string; code: number }, seconds: number): void;
  /** The Prometheus text of everything counted. */
  text(): Promise<string>;
}

export const noMetrics: RequestMetrics = { request: () => {}, text: async () => '' };

/** What the control plane counts. */
export interface Metrics {
  /** One finished request; a watch counts when it ends. */
  request(labels: RequestLabels, seconds: number): void;
  storage(operation: string, resource: string, seconds: number): void;
  /** +1 when a watch begins, -1 when it ends. */
  watching(resource: string, delta: 1 | -1): void;
  /** Prometheus' text format. */
  render(): Promise<{ contentType: string; text: string }>;
}

export interface RequestLabels {
  verb: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  code: number;
}

export const noMetrics: Metrics = {
  request: () => {},
  storage: () => {},
  watching: () => {},
  render: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', text: '' }),
};

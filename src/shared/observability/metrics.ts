import { expositionType } from './exposition.ts';

/** Describes what the control plane counts. */
export interface Metrics {
  /** One finished request; a watch counts when it ends. */
  request(labels: RequestLabels, seconds: number): void;
  storage(operation: string, resource: string, seconds: number): void;
  /** +1 when a watch begins, -1 when it ends. */
  watching(resource: string, delta: 1 | -1): void;
  /** Counts how long a request waited for its turn, and whether it was served then. */
  waited(level: string, schema: string, isServed: boolean, seconds: number): void;
  /** Tells of figures that somebody else keeps. */
  gather(figures: readonly Gathered[]): void;
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

/** Is a family of figures that are read off when somebody asks for them. */
export interface Gathered {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  labelNames: readonly string[];
  read(): Iterable<readonly [labels: Record<string, string>, value: number]>;
}

export const noMetrics: Metrics = {
  request: () => {},
  storage: () => {},
  watching: () => {},
  waited: () => {},
  gather: () => {},
  render: async () => ({ contentType: expositionType, text: '' }),
};

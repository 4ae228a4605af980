import type { KubeObject } from '../../library/types.ts';

export type { KubeObject };

export interface ObjectList<T = KubeObject> {
  apiVersion?: string;
  kind?: string;
  metadata?: { resourceVersion?: string; continue?: string };
  items: T[];
}

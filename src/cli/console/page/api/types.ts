import type {
  Container,
  ContainerStatus,
  Deployment,
  EndpointSlice,
  Event,
  Pod,
  ReplicaSet,
  Service,
} from '../../../../shared/kinds/schema/types.ts';

export type { Container, ContainerStatus, Deployment, EndpointSlice, Event, Pod, ReplicaSet, Service };

/** Any object of the API, as far as every view needs it. */
export interface Thing {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    generation?: number;
    creationTimestamp?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
  };
}

/** A refusal, whoever said no. */
export interface Status {
  code?: number;
  reason?: string;
  message?: string;
  details?: { causes?: { reason?: string; field?: string; message: string }[] };
}

/** A resource that the server serves. */
export interface Resource {
  group: string;
  version: string;
  plural: string;
  kind: string;
  namespaced: boolean;
  verbs: string[];
}

/** Says where the page is. */
export interface About {
  context: string;
  server: string;
  namespace: string;
  isWritable: boolean;
}

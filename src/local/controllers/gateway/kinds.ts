import type { Resource } from '../../../shared/kinds/kind.ts';
import type { Condition, LabelSelector } from '../../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../shared/meta/object.ts';

/** Gateway API's kinds, as far as they are served: users apply their definitions. */
export const group = 'gateway.networking.k8s.io';

const kind = <T extends KubeObject>(
  name: string,
  plural: string,
  { version = 'v1', namespaced = true } = {},
): Resource<T> => ({ group, version, kind: name, plural, namespaced });

export const gatewayClasses = kind<GatewayClass>('GatewayClass', 'gatewayclasses', { namespaced: false });
export const gateways = kind<Gateway>('Gateway', 'gateways');
export const httpRoutes = kind<HTTPRoute>('HTTPRoute', 'httproutes');
export const grpcRoutes = kind<GRPCRoute>('GRPCRoute', 'grpcroutes');
export const tlsRoutes = kind<TLSRoute>('TLSRoute', 'tlsroutes');
export const backendTLSPolicies = kind<BackendTLSPolicy>('BackendTLSPolicy', 'backendtlspolicies');
/** The version that every release serves. */
export const referenceGrants = kind<ReferenceGrant>('ReferenceGrant', 'referencegrants', {
  version: 'v1beta1',
});

export interface GatewayClass extends KubeObject {
  spec: { controllerName: string; parametersRef?: object };
  status?: { conditions?: Condition[]; supportedFeatures?: { name: string }[] };
}

export interface Gateway extends KubeObject {
  spec: {
    gatewayClassName: string;
    listeners: Listener[];
    addresses?: { type?: string; value?: string }[];
    infrastructure?: { parametersRef?: object };
    tls?: { frontend?: object; backend?: object };
  };
  status?: GatewayStatus;
}

export interface GatewayStatus {
  addresses?: { type: string; value: string }[];
  conditions?: Condition[];
  listeners?: ListenerStatus[];
}

export interface Listener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: { mode?: string; certificateRefs?: ObjectRef[]; options?: object; frontendValidation?: object };
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: LabelSelector };
    kinds?: { group?: string; kind: string }[];
  };
}

export interface ListenerStatus {
  name: string;
  supportedKinds: { group: string; kind: string }[];
  attachedRoutes: number;
  conditions: Condition[];
}

/** Names another object: what is absent is as the field's place says. */
export interface ObjectRef {
  group?: string;
  kind?: string;
  namespace?: string;
  name: string;
  port?: number;
}

export interface ParentRef extends ObjectRef {
  sectionName?: string;
}

/** Is what every kind of route has. */
export interface Route extends KubeObject {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[] };
  status?: { parents?: ParentStatus[] };
}

export interface ParentStatus {
  parentRef: ParentRef;
  controllerName: string;
  conditions?: Condition[];
}

export interface HTTPRoute extends Route {
  spec: Route['spec'] & { rules?: HTTPRouteRule[] };
}

export interface HTTPRouteRule {
  matches?: HTTPRouteMatch[];
  filters?: HTTPRouteFilter[];
  backendRefs?: HTTPBackendRef[];
  timeouts?: { request?: string; backendRequest?: string };
  retry?: object;
  sessionPersistence?: object;
}

export interface HTTPRouteMatch {
  path?: { type?: string; value?: string };
  headers?: HTTPValueMatch[];
  queryParams?: HTTPValueMatch[];
  method?: string;
}

export interface HTTPValueMatch {
  type?: string;
  name: string;
  value: string;
}

export interface HTTPBackendRef extends ObjectRef {
  weight?: number;
  filters?: HTTPRouteFilter[];
}

export interface HTTPHeaderFilter {
  set?: { name: string; value: string }[];
  add?: { name: string; value: string }[];
  remove?: string[];
}

export interface HTTPPathModifier {
  type: string;
  replaceFullPath?: string;
  replacePrefixMatch?: string;
}

export interface HTTPRouteFilter {
  type: string;
  requestHeaderModifier?: HTTPHeaderFilter;
  responseHeaderModifier?: HTTPHeaderFilter;
  requestMirror?: {
    backendRef: ObjectRef;
    percent?: number;
    fraction?: { numerator: number; denominator?: number };
  };
  requestRedirect?: {
    scheme?: string;
    hostname?: string;
    path?: HTTPPathModifier;
    port?: number;
    statusCode?: number;
  };
  urlRewrite?: { hostname?: string; path?: HTTPPathModifier };
}

export interface GRPCRoute extends Route {
  spec: Route['spec'] & { rules?: GRPCRouteRule[] };
}

/** Is as a rule of HTTP, but for what it matches. */
export interface GRPCRouteRule extends Omit<HTTPRouteRule, 'matches' | 'timeouts'> {
  matches?: { method?: GRPCMethodMatch; headers?: HTTPValueMatch[] }[];
}

export interface GRPCMethodMatch {
  type?: string;
  service?: string;
  method?: string;
}

export interface TLSRoute extends Route {
  spec: Route['spec'] & { rules?: { backendRefs?: HTTPBackendRef[] }[] };
}

/** Says how the programs behind a Service are spoken to over TLS. */
export interface BackendTLSPolicy extends KubeObject {
  spec: {
    targetRefs: PolicyTarget[];
    validation: {
      caCertificateRefs?: ObjectRef[];
      wellKnownCACertificates?: string;
      hostname: string;
      subjectAltNames?: { type: string; hostname?: string; uri?: string }[];
    };
    options?: Record<string, string>;
  };
  status?: { ancestors?: PolicyAncestor[] };
}

export interface PolicyTarget {
  group?: string;
  kind: string;
  name: string;
  sectionName?: string;
}

export interface PolicyAncestor {
  ancestorRef: ParentRef;
  controllerName: string;
  conditions?: Condition[];
}

/** Permits what its `from` names to refer to what its `to` names, in its own namespace. */
export interface ReferenceGrant extends KubeObject {
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

import type { KubeObject } from '../../../shared/meta/object.ts';

/** What Gateways can do here, in the names of Gateway API's features: those that its conformance suite tests. */
const names: readonly string[] = [
  'BackendTLSPolicy',
  'BackendTLSPolicySANValidation',
  'GRPCRoute',
  'GRPCRouteNamedRouteRule',
  'Gateway',
  'GatewayAddressEmpty',
  'GatewayHTTPListenerIsolation',
  'GatewayHTTPSListenerDetectMisdirectedRequests',
  'GatewayPort8080',
  'GatewayStaticAddresses',
  'HTTPRoute',
  'HTTPRoute303RedirectStatusCode',
  'HTTPRoute307RedirectStatusCode',
  'HTTPRoute308RedirectStatusCode',
  'HTTPRouteBackendProtocolH2C',
  'HTTPRouteBackendProtocolWebSocket',
  'HTTPRouteBackendRequestHeaderModification',
  'HTTPRouteBackendTimeout',
  'HTTPRouteDestinationPortMatching',
  'HTTPRouteHostRewrite',
  'HTTPRouteMethodMatching',
  'HTTPRouteNamedRouteRule',
  'HTTPRouteParentRefPort',
  'HTTPRoutePathRedirect',
  'HTTPRoutePathRewrite',
  'HTTPRoutePortRedirect',
  'HTTPRouteQueryParamMatching',
  'HTTPRouteRequestMirror',
  'HTTPRouteRequestMultipleMirrors',
  'HTTPRouteRequestPercentageMirror',
  'HTTPRouteRequestTimeout',
  'HTTPRouteResponseHeaderModification',
  'HTTPRouteSchemeRedirect',
  'ReferenceGrant',
  'TLSRoute',
  'TLSRouteModeTerminate',
];

/** What a class of ours tells of itself, sorted by name as Gateway API asks. */
export const supportedFeatures = names.map((name) => ({ name }));

/** Returns whether this definition of GatewayClass has a place for features: that of each release from 1.4 on has. */
export const takesFeatures = ({ metadata }: KubeObject): boolean => {
  const release = metadata.annotations?.['gateway.networking.k8s.io/bundle-version'] ?? '';
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(release) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 4);
};

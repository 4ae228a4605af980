import type { CustomResourceDefinition } from '../../../shared/kinds/schema/types.ts';

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

/** Returns whether this definition of GatewayClass takes features: releases before 1.3 have none, or lists of texts. */
export const takesFeatures = ({ spec }: CustomResourceDefinition): boolean =>
  (spec.versions ?? []).some(({ name, schema }) => {
    const status = schema?.openAPIV3Schema?.properties?.status;
    const items = status?.properties?.supportedFeatures?.items;
    return name === 'v1' && (items as { type?: string } | undefined)?.type === 'object';
  });

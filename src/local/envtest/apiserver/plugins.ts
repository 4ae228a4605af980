/** Admission plugins of kube-apiserver 1.35 that are on unless they are disabled. */
const onByDefault = new Set([
  'NamespaceLifecycle',
  'LimitRanger',
  'ServiceAccount',
  'DefaultStorageClass',
  'PersistentVolumeClaimResize',
  'DefaultTolerationSeconds',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
  'StorageObjectInUseProtection',
  'Priority',
  'TaintNodesByCondition',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'ClusterTrustBundleAttest',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'PodSecurity',
  'PodTopologyLabels',
  'NodeDeclaredFeatureValidator',
  'MutatingAdmissionPolicy',
  'ValidatingAdmissionPolicy',
]);

/** Plugins that are off unless they are enabled. */
const offByDefault = new Set(['NodeRestriction']);

/** Plugins that do nothing. */
const withoutEffect = new Set(['AlwaysAdmit']);

/** Plugins that are known there and missing here. */
const missing = new Set([
  'NamespaceAutoProvision',
  'NamespaceExists',
  'LimitPodHardAntiAffinityTopology',
  'AlwaysPullImages',
  'ImagePolicyWebhook',
  'PodNodeSelector',
  'PodTolerationRestriction',
  'EventRateLimit',
  'ExtendedResourceToleration',
  'OwnerReferencesPermissionEnforcement',
  'DenyServiceExternalIPs',
  'AlwaysDeny',
]);

/** Returns what the flags about admission plugins say, and what is wrong with them. */
export function pluginFlags(enabled: string[], disabled: string[]) {
  const isKnown = (name: string) =>
    [onByDefault, offByDefault, withoutEffect, missing].some((names) => names.has(name));
  const unknown = (flag: string, names: string[]) =>
    names
      .filter((name) => !isKnown(name))
      .map((name) => `${flag}-admission-plugins plugin ${JSON.stringify(name)} is unknown`);
  const problems = [
    ...unknown('enable', enabled),
    ...enabled
      .filter((name) => missing.has(name))
      .map((name) => `enable-admission-plugins plugin ${JSON.stringify(name)} is not served by shallop`),
    ...unknown('disable', disabled),
    ...enabled
      .filter((name) => disabled.includes(name))
      .map((name) => `[${name}] in enable-admission-plugins and disable-admission-plugins overlapped`),
  ];
  const admits = (plugin: string) =>
    !disabled.includes(plugin) && (!offByDefault.has(plugin) || enabled.includes(plugin));
  return { problems, admits };
}

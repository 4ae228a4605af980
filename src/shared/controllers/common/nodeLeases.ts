/** Is where a kubelet renews the Lease that has the name of its Node. */
export const leaseNamespace = 'kube-node-lease';

/** Names Kubernetes' protobuf, in which typed clients ask and are answered. */
export const protobufType = 'application/vnd.kubernetes.protobuf';

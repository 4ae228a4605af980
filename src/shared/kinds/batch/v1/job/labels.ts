/** Labels of a Job's Pods: the name and uid of the Job, each under the name of former days too. */
export const jobNameLabel = 'batch.kubernetes.io/job-name';
/** Holds the UID of the Job, in its Pods and in the selector that is made for it. */
export const controllerUidLabel = 'batch.kubernetes.io/controller-uid';
/** Holds the Job's name without a prefix, for clients that knew Jobs before Kubernetes 1.27. */
export const legacyJobNameLabel = 'job-name';
/** Holds the Job's UID without a prefix, for clients that knew Jobs before Kubernetes 1.27. */
export const legacyControllerUidLabel = 'controller-uid';

import { ApiError } from './apiError.ts';

/** Is what etcd takes in one request, and so the largest object of a real server: 1.5 MiB. */
export const mostStoredBytes = 1536 * 1024;

/** Makes the answer to an object that would not fit into etcd, in etcd's words. */
export const tooLargeToStore = () => new ApiError('Unknown', 'etcdserver: request is too large');

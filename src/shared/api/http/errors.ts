import { ApiError } from '../../errors/apiError.ts';

export const methodNotAllowed = () =>
  new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  });

export const unknownResource = () =>
  new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });

const bodies = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
/** A PATCH of no known type at all. */
export const unknownPatchType = () =>
  new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });

export const unsupportedMediaType = (accepted: readonly string[] = bodies) =>
  new ApiError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

/** `representations` as the last sentence of the message lists them. */
export const notAcceptable = (
  representations: string[] = [...bodies, ...bodies.filter(streams).map(watched)],
) =>
  new ApiError(
    'NotAcceptable',
    `406: Not Acceptable\n\nAvailable representations: ${representations.join(', ')}`,
    { details: {} },
  );

const streams = (type: string) => type !== 'application/yaml';
const watched = (type: string) => `${type};stream=watch`;

export const onlyMediaTypes = () =>
  new ApiError('NotAcceptable', `only the following media types are accepted: ${bodies.join(', ')}`);

/** A request that works on a real server and not yet here; `remedy` says what to do instead. */
export const notServed = (what: string, remedy?: string) =>
  new ApiError(
    'MethodNotAllowed',
    `${what} is not supported by this server yet${remedy ? `: ${remedy}` : ''}`,
    { details: {} },
  );

import { ApiError } from '../../errors/apiError.ts';
import { protobufType } from './mediaTypes.ts';

/** Makes the answer 405 to a verb that the resource does not have. */
export const methodNotAllowed = () =>
  new ApiError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    details: {},
  });

/** Makes the answer 404 to a path that names no resource; it differs from that to a missing object. */
export const unknownResource = () =>
  new ApiError('NotFound', 'the server could not find the requested resource', { details: {} });

const bodies = ['application/json', 'application/yaml', protobufType];
/** A PATCH of no known type at all. */
export const unknownPatchType = () =>
  new ApiError('UnsupportedMediaType', '415: Unsupported Media Type', { details: {} });

/** Makes the answer 415 to a body that is in none of the `accepted` formats. */
export const unsupportedMediaType = (accepted: readonly string[] = bodies) =>
  new ApiError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );

const streams = bodies.filter((type) => type !== 'application/yaml').map((type) => `${type};stream=watch`);

/** None of the media types is known; those that are stand in the message. */
export function notAcceptable(watched = false): ApiError {
  const list = (watched ? [...bodies, ...streams] : bodies).join(', ');
  return new ApiError('NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${list}`, {
    details: {},
  });
}

/** The media type is known, not in the form that was asked for. */
export const onlyMediaTypes = (accepted: readonly string[] = bodies) =>
  new ApiError('NotAcceptable', `only the following media types are accepted: ${accepted.join(', ')}`);

/** Makes the answer 406 to a watch that asks for YAML, which cannot be streamed. */
export const onlyStreams = () => onlyMediaTypes(streams);

/** Asked for the metadata of one object, there are many, or the other way round. */
export const metadataOf = (isList: boolean, group: string, kind: string) => {
  const what = `*${group.split('.')[0] || 'core'}.${kind}`;
  return new ApiError(
    'NotAcceptable',
    isList
      ? `you requested PartialObjectMetadata, but the requested object is a list (${what}List)`
      : `you requested PartialObjectMetadataList, but the requested object is not a list (${what})`,
  );
};

/** A request that works on a real server and not yet here; `remedy` says what to do instead. */
export const notServed = (what: string, remedy?: string) =>
  new ApiError(
    'MethodNotAllowed',
    `${what} is not supported by this server yet${remedy ? `: ${remedy}` : ''}`,
    { details: {} },
  );

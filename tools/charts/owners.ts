interface Owner {
  manager: string;
  operation: string;
  apiVersion: string;
  subresource?: string;
  fieldsV1?: unknown;
}

/** Returns which fields belong to whom through the object itself, without the time at which they became so. */
export function ownersOf(body: unknown): Record<string, unknown> {
  const { metadata } = body as { metadata?: { managedFields?: Owner[] } };
  const owners = metadata?.managedFields ?? [];
  return Object.fromEntries(
    owners
      .filter(({ subresource }) => !subresource)
      .map(({ manager, operation, apiVersion, fieldsV1 }) => [
        operation === 'Apply' ? manager : 'creator',
        { operation, apiVersion, fieldsV1 },
      ]),
  );
}

import { notFound } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../storage/storage.ts';
import { type Context, keyOf, subjectOf } from '../context.ts';
import type { ApiResponse } from '../http/message.ts';
import { respond, respondBytes } from '../http/respond.ts';
import { partialObject, tableOf } from '../table/table.ts';
import { parseStored, wireBytes } from '../write/stored.ts';

export async function get(ctx: Context): Promise<ApiResponse> {
  const stored = await ctx.deps.storage.get(keyOf(ctx));
  if (!stored) throw notFound(subjectOf(ctx));
  return answerObject(ctx, 200, stored);
}

/** An object in the form that was asked; JSON comes straight from storage. */
export function answerObject(ctx: Context, status: number, found: Stored | AnyObject): ApiResponse {
  const stored = isStored(found) ? found : undefined;
  if (ctx.as === 'json' && stored) return respondBytes(status, wireBytes(stored, ctx.kind));
  const object = stored ? parseStored(stored, ctx.kind) : (found as AnyObject);
  switch (ctx.as) {
    case 'table':
      return respond(
        status,
        tableOf(ctx, [object], { resourceVersion: object.metadata.resourceVersion ?? '' }),
      );
    case 'partial':
      return respond(status, partialObject(object));
    default:
      return respond(status, object, ctx.as);
  }
}

export const isStored = (found: Stored | AnyObject): found is Stored =>
  'value' in found && found.value instanceof Uint8Array;

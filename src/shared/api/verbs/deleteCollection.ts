import { isReason } from '../../errors/apiError.ts';
import { apiVersionOf } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Context } from '../context.ts';
import type { ApiResponse } from '../http/message.ts';
import { respond } from '../http/respond.ts';
import { deleteObject, deleteOptions } from './delete.ts';
import { readList } from './list.ts';

/** Deletes what a list with the same query would show, and answers those objects. */
export async function deleteCollection(ctx: Context): Promise<ApiResponse> {
  const options = await deleteOptions(ctx);
  const { items, metadata } = await readList(ctx);
  const deleted: AnyObject[] = [];
  for (const { key } of items) {
    const one: Context = { ...ctx, path: { ...ctx.path, namespace: key.namespace, name: key.name } };
    try {
      const {
        kind: _kind,
        apiVersion: _apiVersion,
        ...object
      } = (await deleteObject(one, key.name, options)).object;
      deleted.push(object as AnyObject);
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  }
  const { kind } = ctx;
  return respond(200, { kind: `${kind.kind}List`, apiVersion: apiVersionOf(kind), metadata, items: deleted });
}

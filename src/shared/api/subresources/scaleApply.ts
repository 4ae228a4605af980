import type { Kind } from '../../kinds/kind.ts';
import type { Scale } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Call } from '../request.ts';
import { appliedTo, applyOptions } from '../verbs/apply.ts';
import { readConfig } from '../verbs/applyConfig.ts';
import { expected, respondScale, scaled, scaleOf, setAt } from './scaled.ts';

/** PATCH of a scale by server-side apply: who sends it owns how many replicas there are, and nothing else. */
export async function applyScale(call: Call): Promise<ApiResponse> {
  const { dryRun, fieldValidation } = applyOptions(call);
  const { config, warnings } = await readConfig(asScale(call), fieldValidation);
  const { outcome } = await appliedTo(call, parentConfig(call, config), {
    door: 'scale',
    dryRun,
    warnings,
    shownVersion: expected.apiVersion,
    admit: (next, old) => scaled(call, next, { old, scale: scaleOf(call, next), dryRun, warnings }),
  });
  return respondScale(call, outcome, warnings);
}

/** The same request as if the Scale were the object. */
function asScale(call: Call): Call {
  const { served } = call;
  const kind = { ...served.kind, kind: expected.kind, schema: expected.schema } as Kind;
  return { ...call, served: { ...served, kind, apiVersion: expected.apiVersion } };
}

/** What a Scale says of the object that it scales. */
function parentConfig({ served, namespace, name }: Call, config: AnyObject): AnyObject {
  const { kind, apiVersion } = served;
  const { resourceVersion, uid } = config.metadata;
  const metadata = { name, ...(namespace && { namespace }), ...(resourceVersion && { resourceVersion }) };
  const parent: AnyObject = {
    kind: kind.kind,
    apiVersion,
    metadata: { ...metadata, ...(uid && { uid }) },
  };
  const replicas = (config as unknown as Scale).spec?.replicas;
  if (replicas !== undefined) setAt(parent, kind.subresources!.scale!.specReplicas.split('.'), replicas);
  return parent;
}

import type { Pod } from '../../kinds/schema/types.ts';
import { json, jsonBytes } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import { measuring } from '../metrics/whole.ts';
import { parseJson } from '../served.ts';
import type { KubeletCall } from './index.ts';

/** Answers with the Pods that are bound to the node, as they are stored. */
export async function podsOf(call: KubeletCall): Promise<ApiResponse> {
  const own = await measuring(call).podsOn(call.node.metadata.name ?? '');
  const list = own.flatMap(({ value }, i) => (i ? [Buffer.from(','), value] : [value]));
  const head = Buffer.from('{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[');
  return jsonBytes(200, Buffer.concat([head, ...list, Buffer.from(']}\n')]));
}

/** Answers with what runs on the node: of each Pod its names and its containers that run, as a runtime knows them. */
export async function runningPodsOf(call: KubeletCall): Promise<ApiResponse> {
  const own = await measuring(call).podsOn(call.node.metadata.name ?? '');
  const items = own.map(({ value }) => runningOf(parseJson(value) as unknown as Pod));
  return json(200, {
    ...{ kind: 'PodList', apiVersion: 'v1', metadata: {} },
    items: items.filter(({ spec }) => spec.containers.length > 0),
  });
}

function runningOf({ metadata: { name, namespace, uid }, status = {} }: Pod) {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status;
  const containers = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses]
    .filter(({ state }) => state?.running)
    .map((each) => ({ name: each.name, image: each.image, resources: {} }));
  return { metadata: { name, namespace, uid }, spec: { containers }, status: {} };
}

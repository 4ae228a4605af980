import { elementOf, isBlank, partShape, type Shape, shapeFor } from '../../kinds/schema/shape.ts';
import { setOwn } from '../../kinds/schema/zero.ts';

type Json = Record<string, unknown>;

/** `live` with what `config` says: granular parts are merged, of which null names none; all others are replaced. */
export function merge(live: unknown, config: unknown, form: Shape): unknown {
  // Null has no shape of its own.
  const shape = shapeFor(config ?? live, form);
  if (config === undefined) return live;
  if (shape.is === 'leaf' || isBlank(live)) return config;
  if (config === null) return live;
  if (shapeFor(live, form).is === 'leaf') return config;
  if (shape.is === 'list') return mergeList(live as unknown[], config as unknown[], shape);
  const merged: Json = { ...(live as Json) };
  for (const key in config as Json)
    setOwn(merged, key, merge(merged[key], (config as Json)[key], partShape(shape, key)));
  return merged;
}

type ListShape = Extract<Shape, { is: 'list' }>;

/** Both orders are kept as far as they agree; where they do not, that of `config` counts. */
function mergeList(live: unknown[], config: unknown[], shape: ListShape): unknown[] {
  const element = (item: unknown) => elementOf(item, shape.keys);
  const [left, right] = [live.map(element), config.map(element)];
  const ofLive = new Map(left.map((e, i) => [e, live[i]]));
  const ofConfig = new Map(right.map((e, i) => [e, config[i]]));
  const shared = right.filter((e) => ofLive.has(e));
  const merged = new Set<string>();
  const out: unknown[] = [];
  /** Counts those of `shared` that are merged: taking them away from its front would move all others, each time. */
  let passed = 0;
  const take = (e: string) => {
    if (merged.has(e)) return;
    merged.add(e);
    if (shared[passed] === e) passed++;
    out.push(merge(ofLive.get(e), ofConfig.get(e), shape.of));
  };
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    const [ours, theirs] = [left[l], right[r]];
    if (ours !== undefined && ours === theirs) {
      take(ours);
      l++;
      r++;
    } else if (ours !== undefined && theirs !== undefined && ofConfig.has(ours) && ours !== shared[passed])
      l++;
    else if (ours !== undefined && !ofConfig.has(ours)) out.push(live[l++]);
    // What the live object has twice is merged once.
    else if (ours !== undefined && (merged.has(ours) || theirs === undefined)) l++;
    else take(right[r++]!);
  }
  return out;
}

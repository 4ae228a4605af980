import { forkPlace, type Item, keyAttributes, text, textOf } from '../layout.ts';

/**
 * How far a logical cluster has got: a fork whose base is being `frozen`, that is `beginning` resource by resource, or that is
 * `ready`; `plain`: no fork, and somebody means to drop it; `gone`: it is being dropped.
 */
export type Stage = 'freezing' | 'beginning' | 'ready' | 'plain' | 'gone';

/** Says where a fork goes on reading what was not written above: a space, and the revision up to which it shows. */
export interface Layer {
  /** A logical cluster. */
  cluster: string;
  revision: number;
}

/** Layers by resource, the upper ones first. */
export type Layers = ReadonlyMap<string, readonly Layer[]>;

/** What is written down of a logical cluster that is a fork or is being dropped. */
export interface Fork {
  cluster: string;
  /** Empty: it is no fork. */
  base: string;
  /** Tells this fork from an earlier one of the same name. */
  id: string;
  stage: Stage;
  /** Says who means to drop it; empty: nobody. */
  dropper: string;
  /** Resources of which it begins with nothing. */
  without: readonly string[];
  /** Known from `beginning` on. */
  layers: Layers;
}

export const encodeFork = ({ cluster, base, id, stage, dropper, without, layers }: Fork): Item => ({
  ...keyAttributes(forkPlace(cluster)),
  forkBase: text(base),
  forkId: text(id),
  forkStage: text(stage),
  dropper: text(dropper),
  leftOut: text(JSON.stringify(without)),
  layers: text(layersText(layers)),
});

export const decodeFork = (cluster: string, item: Item): Fork => ({
  cluster,
  base: textOf(item, 'forkBase'),
  id: textOf(item, 'forkId'),
  stage: textOf(item, 'forkStage') as Stage,
  dropper: textOf(item, 'dropper'),
  without: JSON.parse(textOf(item, 'leftOut') || '[]'),
  layers: layersIn(textOf(item, 'layers')),
});

export const layersText = (layers: Layers): string =>
  JSON.stringify(
    [...layers].map(([resource, all]) => [resource, ...all.map((l) => [l.cluster, l.revision])]),
  );

function layersIn(json: string): Layers {
  const rows: [resource: string, ...layers: [cluster: string, revision: number][]][] = JSON.parse(
    json || '[]',
  );
  return new Map(
    rows.map(([resource, ...layers]) => [
      resource,
      layers.map(([cluster, revision]) => ({ cluster, revision })),
    ]),
  );
}

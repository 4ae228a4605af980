/** One way to have containers, so that several are measured alike. */
export interface Maker {
  /** Answers the seconds that an image of a registry takes until it is there, unpacked. */
  pull(image: string): Promise<number>;
  /** The same for what `docker save` wrote. */
  load(file: string): Promise<number>;
  /** Resolves once containers with these names, begun at once, all run. */
  start(image: string, names: string[]): Promise<void>;
  /** Words that stand in the command line, the environment or the mounts of each process that such a container takes. */
  marks(names: string[]): Promise<string[]>;
  remove(names: string[]): Promise<void>;
  /** Leaves none of these images. */
  forget(images: string[]): Promise<void>;
}

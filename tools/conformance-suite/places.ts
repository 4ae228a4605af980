/** Where the suite ran: natively as root, which is what all its specs are run on, or where its Pods are other containers. */
export type Place = 'root' | 'user' | 'docker' | 'podman';

export const places: Record<Place, { title: string; file: string }> = {
  root: { title: 'native, root', file: 'results.json' },
  user: { title: 'native, ordinary user', file: 'user.json' },
  docker: { title: 'Docker Engine', file: 'docker.json' },
  podman: { title: 'Podman', file: 'podman.json' },
};

/** The groups whose specs depend on what a Pod is made of. */
export const placeSigs = ['network', 'node', 'storage'];

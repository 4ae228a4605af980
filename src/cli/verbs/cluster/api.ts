import { Connection, connect } from '../../kube/connection.ts';
import { endpointOf } from '../../kube/kubeconfig.ts';
import type { Call, Io } from '../../verb.ts';
import { running } from '../running.ts';

/** Describes what an action works with that only needs the API, of a deployment on AWS too. */
export interface ApiScene {
  /** The operands after the action's word. */
  names: string[];
  /** To the root of the API. */
  connection: Connection;
  call: Call;
  io: Io;
}

/** Answers the exit code. */
export type ApiAction = (scene: ApiScene) => Promise<number>;

/** Runs an action against the context that is named, else against the control plane of the data folder. */
export async function withApi(action: ApiAction, names: string[], call: Call, io: Io): Promise<number> {
  const connection = await connectionFor(call, io);
  try {
    return await action({ names, connection, call, io });
  } finally {
    connection.close();
  }
}

async function connectionFor(call: Call, io: Io): Promise<Connection> {
  // Everything is read and written as it is, deprecated or not.
  const warn = () => {};
  const context = call.text('context');
  if (context !== undefined) {
    const endpoint = await endpointOf({ kubeconfig: call.text('kubeconfig'), context }, io);
    const server = endpoint.server.replace(/\/clusters\/[^/]+$/, '');
    return connect({ ...endpoint, server }, io.interrupted, warn);
  }
  const { folder, url } = await running(call, io);
  const { readPki } = await import('../../../local/pki/index.ts');
  const { ca, admin } = (await readPki(folder))!;
  const endpoint = { context: 'shallop', server: url, namespace: 'default', ca, ...admin };
  return new Connection(endpoint, io.interrupted, warn);
}

import { badRequest } from '../../../errors/common.ts';
import type { ExecOptions, PodProcess, PodStreams } from '../../../ports/cloud.ts';
import { olderProtocol, protocol } from '../../../streams/channels.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Query } from '../../http/target.ts';
import type { Call } from '../../request.ts';
import { entered, enteredContainer } from './entered.ts';
import { joined } from './joined.ts';
import { overChannels, overSpdy } from './remote.ts';
import { isSession, openSession } from './session.ts';
import { agreed, switching } from './upgrade.ts';

const protocols = { websocket: [protocol, olderProtocol], spdy: [olderProtocol] };

/** GET or POST of an exec, on a connection that becomes the command's streams. */
export async function exec(call: Call): Promise<ApiResponse> {
  const { deps, query } = call;
  if (isSession(call, 'exec')) return openSession(call);
  const run = deps.podStreams?.exec;
  if (!run) throw notServed('pods/exec', deps.upgradeRemedy);
  const command = query.all('command');
  if (!command.length) throw badRequest('you must specify at least one command for the container');
  const options: ExecOptions = { command, tty: query.flag('tty'), ...streamsIn(query) };
  const found = await entered(call, 'exec');
  const container = enteredContainer(found, query.get('container'));
  return streaming(call, options, () => run(found.ref, container, options));
}

/** GET or POST of an attach, likewise. */
export async function attach(call: Call): Promise<ApiResponse> {
  const { deps, query } = call;
  const show = deps.podStreams?.attach;
  if (!show) throw notServed('pods/attach', deps.upgradeRemedy);
  const found = await entered(call, 'attach');
  const container = enteredContainer(found, query.get('container'));
  const wanted = streamsIn(query);
  if (wanted.stdin) throw notServed('pods/attach with standard input', 'exec has one');
  return streaming(call, wanted, () => show(found.ref, container, wanted));
}

function streaming(call: Call, wanted: PodStreams, start: () => Promise<PodProcess>): ApiResponse {
  const how = agreed(call.request, protocols);
  return switching(
    call.request,
    how,
    (connection) =>
      void joined(call.deps.clock, start, (events) =>
        how.over === 'websocket'
          ? overChannels(connection, events, wanted)
          : overSpdy(connection, events, wanted),
      ),
  );
}

/** Output is wanted unless it says otherwise; a terminal's errors are output. */
const streamsIn = (query: Query): PodStreams => ({
  stdin: query.flag('stdin'),
  stdout: query.get('stdout') === undefined || query.flag('stdout'),
  stderr: !query.flag('tty') && (query.get('stderr') === undefined || query.flag('stderr')),
});

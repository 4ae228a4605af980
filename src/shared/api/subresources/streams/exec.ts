import { badRequest } from '../../../errors/common.ts';
import type { Pod } from '../../../kinds/schema/types.ts';
import type { ExecOptions, PodProcess, PodStreams } from '../../../ports/cloud.ts';
import { olderProtocol, olderProtocols, protocol } from '../../../streams/channels.ts';
import { notServed } from '../../http/errors.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Call } from '../../request.ts';
import { execOptions } from './connect.ts';
import { entered, enteredContainer } from './entered.ts';
import { joined } from './joined.ts';
import { overChannels, overSpdy } from './remote.ts';
import { isSession, openSession } from './session.ts';
import { agreed, switching } from './upgrade.ts';

const protocols = { websocket: [protocol, ...olderProtocols, ''], spdy: [olderProtocol] };

/** GET or POST of an exec, on a connection that becomes the command's streams. */
export async function exec(call: Call): Promise<ApiResponse> {
  const { deps, query } = call;
  if (isSession(call, 'exec')) return openSession(call);
  if (!query.all('command').length)
    throw badRequest('you must specify at least one command for the container');
  const found = await entered(call, 'exec');
  const run = deps.podStreams?.exec;
  if (!run) throw notServed('pods/exec', deps.upgradeRemedy);
  const { command, container: asked, tty = false, ...streams } = await execOptions(call, 'exec');
  const options: ExecOptions = { command, tty, ...wantedStreams(streams) };
  const container = enteredContainer(found, asked);
  return streaming(call, options, () => run(found.ref, container, options));
}

/** GET or POST of an attach, likewise. */
export async function attach(call: Call): Promise<ApiResponse> {
  const { deps } = call;
  const found = await entered(call, 'attach');
  const show = deps.podStreams?.attach;
  if (!show) throw notServed('pods/attach', deps.upgradeRemedy);
  const { container: asked, tty = false, ...streams } = await execOptions(call, 'attach');
  const container = enteredContainer(found, asked);
  const wanted = wantedStreams(streams);
  const noInput = () => notServed('pods/attach with standard input', 'exec has one');
  if (wanted.stdin && !hasInput(found.pod, container)) throw noInput();
  // A terminal has one stream of output.
  const options = { ...wanted, stderr: wanted.stderr && !tty };
  return streaming(call, options, async () => {
    const shown = await show(found.ref, container, options);
    if (!wanted.stdin || shown.stdin) return shown;
    shown.close();
    throw noInput();
  });
}

function streaming(call: Call, wanted: PodStreams, start: () => Promise<PodProcess>): ApiResponse {
  const how = agreed(call.request, protocols);
  return switching(
    call.request,
    how,
    (connection) =>
      void joined(call.deps.clock, start, (events) =>
        how.over === 'websocket'
          ? overChannels(connection, events, wanted, how.protocol)
          : overSpdy(connection, events, wanted),
      ),
  );
}

const hasInput = ({ spec }: Pod, container: string): boolean =>
  [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].some(
    ({ name, stdin }) => name === container && stdin,
  );

const wantedStreams = ({
  stdin = false,
  stdout = false,
  stderr = false,
}: Partial<PodStreams>): PodStreams => ({
  stdin,
  stdout,
  stderr,
});

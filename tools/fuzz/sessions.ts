import { connect } from 'node:tls';
import { seeded } from '../differential/grammar.ts';
import type { Access } from './play.ts';
import { Draw } from './request.ts';

/** Opens connections that ask for an upgrade, sends what fits no protocol, and goes away at any moment. */
export async function breakSessions(access: Access, seed: number, count: number): Promise<void> {
  const draw = new Draw(seeded(seed));
  for (let left = count; left > 0; left -= 8)
    await Promise.all(Array.from({ length: Math.min(8, left) }, () => breakOne(access, draw)));
}

const paths = [
  '/api/v1/namespaces/default/pods/there/exec?command=sh&stdin=true&stdout=true',
  '/api/v1/namespaces/default/pods/there/attach?stdin=true',
  '/api/v1/namespaces/default/pods/there/portforward?ports=80',
  '/api/v1/namespaces/default/pods/there/log?follow=true',
  '/api/v1/namespaces/default/configmaps?watch=true',
  '/api/v1/namespaces/default/pods?watch=true&resourceVersion=x',
];
const upgrades = ['websocket', 'SPDY/3.1', 'h2c', 'nothing'];
const protocols = [
  'v5.channel.k8s.io',
  'v4.channel.k8s.io',
  'channel.k8s.io',
  'base64.channel.k8s.io',
  'SPDY/3.1+portforward.k8s.io',
  '',
  ',',
];

function breakOne({ server, tls, headers }: Access, draw: Draw): Promise<void> {
  const { hostname, port } = new URL(server);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port), ...tls, servername: '' }, () => {
      const lines = [
        `${draw.one(['GET', 'POST'])} ${draw.one(paths)} HTTP/1.1`,
        `Host: ${hostname}`,
        'Connection: Upgrade',
        `Upgrade: ${draw.one(upgrades)}`,
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${draw.rarely(4) ? 'x' : 'dGhlIHNhbXBsZSBub25jZQ=='}`,
        `Sec-WebSocket-Protocol: ${draw.one(protocols)}`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ];
      socket.write(`${lines.join('\r\n')}\r\n\r\n`);
      for (let i = draw.below(5); i > 0; i--) socket.write(frame(draw));
      // Some wait for an answer, some do not.
      if (draw.rarely(2)) socket.once('data', () => socket.destroy());
      else socket.end();
    });
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** Bytes that begin like a frame of WebSocket or SPDY, or like nothing. */
function frame(draw: Draw): Buffer {
  const bytes = Buffer.from(Array.from({ length: 1 + draw.below(200) }, () => draw.below(256)));
  bytes[0] = draw.one([0x81, 0x82, 0x88, 0x89, 0x00, 0x80, 0xff, draw.below(256)]);
  if (bytes.length > 9 && draw.rarely(2)) bytes.writeUInt32BE(draw.one([0, 5, 0x7fffffff, 0xffffffff]), 4);
  return bytes;
}

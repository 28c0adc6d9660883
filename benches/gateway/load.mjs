// The load, in a process of its own: sends deliveries over connections that stay open, as many as it can or as many a
// second as it is told, and measures how long each takes. Written for this: the load generators of npm send the requests
// of a second all at once, and sign nothing.

import { connect } from 'node:net';
import { CASES, deliver } from '../library/cases.mjs';

process.on('message', async (order) => process.send(await load(order).catch(({ message }) => ({ error: message }))));
process.once('disconnect', () => process.exit());

/**
 * @param {object} order
 * @param {number} order.port
 * @param {string} order.path
 * @param {string} order.title  the case of benches/library/cases.mjs
 * @param {number} order.bytes  how long its body is, about
 * @param {boolean} order.fresh  every delivery is a new event, as a store has to see it
 * @param {number} order.connections
 * @param {number} order.seconds
 * @param {number} [order.rate]  deliveries a second; as many as there can be if absent
 * @returns `{ requests, seconds, statuses, times }`: `times` in milliseconds, sorted
 */
async function load({ connections: count, seconds, rate, ...order }) {
  const next = requests(order);
  const statuses = {};
  const times = [];
  const idle = [];
  const due = [];
  let sent = 0;
  const [started, end] = [performance.now(), performance.now() + seconds * 1000];

  const connections = await Promise.all(Array.from({ length: count }, () => open(order.port, done)));
  await new Promise((resolve, reject) => {
    for (const connection of connections) connection.failed = reject;
    let left = count;
    const rest = () => (left -= 1) === 0 && resolve();
    for (const connection of connections) connection.rest = rest;
    if (rate === undefined) connections.forEach((connection) => send(connection, performance.now()));
    else {
      idle.push(...connections);
      pace();
    }
  });
  const took = (performance.now() - started) / 1000;
  for (const { socket } of connections) socket.destroy();
  return { requests: times.length, seconds: took, statuses, times: times.sort((one, other) => one - other) };

  function send(connection, since) {
    connection.since = since;
    for (const part of next()) connection.socket.write(part);
  }

  function done(connection, status) {
    const now = performance.now();
    statuses[status] = (statuses[status] ?? 0) + 1;
    times.push(now - connection.since);
    if (rate === undefined) return now < end ? send(connection, now) : connection.rest();
    // What was due while all connections were busy has waited since then.
    if (due.length > 0) return send(connection, due.shift());
    if (now >= end) return connection.rest();
    idle.push(connection);
  }

  function pace() {
    const now = performance.now();
    const limit = Math.min(now, end);
    for (let at = started + (1000 * sent) / rate; at <= limit; at = started + (1000 * sent) / rate) {
      sent += 1;
      const connection = idle.shift();
      if (connection) send(connection, at);
      else due.push(at);
    }
    if (now < end) return setTimeout(pace, 1);
    while (idle.length > 0) idle.shift().rest();
  }
}

/** A function that gives the parts of the next request. */
function requests({ port, path, title, bytes, fresh }) {
  const one = CASES.find((known) => known.title === title);
  const { body, headers } = deliver(one, bytes);
  const request = (all) => {
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const type = 'content-type: application/json\r\n';
    return Buffer.from(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${type}content-length: ${body.length}\r\n${lines.join('')}\r\n`,
    );
  };
  if (fresh) {
    let count = 0;
    const run = process.hrtime.bigint();
    return () => [request(one.sign(body, Math.floor(Date.now() / 1000), `msg_${run}_${(count += 1)}`)), body];
  }
  const whole = Buffer.concat([request(headers), body]);
  return () => [whole];
}

/** A connection on which one request is under way at a time; `done` gets the status of each answer. */
function open(port, done) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(connection));
    const connection = { socket, since: 0, failed: reject, rest: () => {} };
    let [held, left, status] = ['', 0, 0];
    socket.setEncoding('latin1');
    socket.on('error', (error) => connection.failed(error));
    socket.on('close', () => connection.failed(new Error('the gateway has closed a connection')));
    socket.on('data', (text) => {
      if (left === 0) {
        held += text;
        const end = held.indexOf('\r\n\r\n');
        if (end < 0) return;
        const head = held.slice(0, end).toLowerCase();
        const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
        status = Number(head.slice(9, 12));
        if (length === undefined) return connection.failed(new Error(`an answer without a length: ${head}`));
        left = Number(length) - (held.length - end - 4);
        held = '';
      } else left -= text.length;
      if (left === 0) done(connection, status);
    });
  });
}

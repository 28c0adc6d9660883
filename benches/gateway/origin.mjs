// The origin, in a process of its own: takes what it is sent and answers. Prints nothing; tells its port to its parent.

import { createServer } from 'node:http';

const ANSWER = Buffer.from('{"ok":true}');

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.once('disconnect', () => process.exit());

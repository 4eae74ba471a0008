// Node's net, one corked write for all the lines of a chunk.
'use strict';
const net = require('node:net');

const clients = new Set();

const handlers = {
    echo: (line, socket) => socket.write(line + '\r\n'),

    work: (line, socket) => {
        let match;
        let reply;
        if ((match = /^ADD (\d+) (\d+)$/.exec(line))) reply = Number(match[1]) + Number(match[2]);
        else if ((match = /^UPPER (.+)$/.exec(line))) reply = match[1].toUpperCase();
        else if ((match = /^LEN (.+)$/.exec(line))) reply = match[1].length;
        else if ((match = /^ECHO (.+)$/.exec(line))) reply = match[1];
        else reply = 'ERR unknown command';
        socket.write(reply + '\r\n');
    },

    broadcast: (line, socket) => {
        if (line.startsWith('ALL ')) {
            for (const client of clients) client.write(line + '\r\n');
        } else {
            socket.write(line + '\r\n');
        }
    },
};
const handle = handlers[process.argv[2]];

const server = net.createServer({ noDelay: true }, (socket) => {
    let rest = '';
    socket.setEncoding('utf8');
    clients.add(socket);
    socket.on('data', (chunk) => {
        const lines = (rest + chunk).split('\r\n');
        rest = lines.pop();
        socket.cork();
        for (const line of lines) handle(line, socket);
        socket.uncork();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => clients.delete(socket));
});
server.listen(0, '127.0.0.1', () => console.log('PORT ' + server.address().port));

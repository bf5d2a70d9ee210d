// Loaded before a program: ends it at the first connection, name look-up or request that JavaScript begins.
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

function refuse(what: string): never {
  process.stderr.write(`The program reached for the network: ${what}.\n`);
  process.exit(77);
}

net.Socket.prototype.connect = () => refuse('a connection');
dgram.Socket.prototype.send = () => refuse('a datagram');
Object.assign(dns, { lookup: () => refuse('a name'), resolve: () => refuse('a name') });
globalThis.fetch = () => refuse('a fetch');

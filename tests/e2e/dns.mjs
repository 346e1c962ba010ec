// A DNS server for tests (RFC 1035, UDP only): SRV and A records from a table, of everything else
// it knows nothing.
import { createSocket } from 'node:dgram';

import { Skip, after_test } from './lib.mjs';

const kTypes = { A: 1, SRV: 33 };

const labels = (name) => Buffer.concat([
    ...name.split('.').filter(Boolean).map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
]);

// The name of the question, and where it ends.
function read_name(bytes, at) {
    const parts = [];
    while (bytes[at] !== 0) {
        parts.push(bytes.toString('latin1', at + 1, at + 1 + bytes[at]));
        at += bytes[at] + 1;
    }
    return { name: parts.join('.').toLowerCase(), end: at + 1 };
}

function data_of(type, value) {
    if (type === 'A') {
        return Buffer.from(value.split('.').map(Number));
    }
    const [priority, weight, port, target] = value.split(' ');
    const numbers = Buffer.alloc(6);
    [priority, weight, port].forEach((number, i) => numbers.writeUInt16BE(Number(number), 2 * i));
    return Buffer.concat([numbers, labels(target)]);
}

function answer_to(question, records) {
    const { name, end } = read_name(question, 12);
    const asked = question.readUInt16BE(end);
    const known = records.filter(([owner]) => owner === name);
    const found = known.filter(([, type]) => kTypes[type] === asked);
    const head = Buffer.from(question.subarray(0, end + 4));
    head.writeUInt16BE(0x8580 | (known.length === 0 ? 3 : 0), 2); // an answer with authority, or NXDOMAIN
    [1, found.length, 0, 0].forEach((count, i) => head.writeUInt16BE(count, 4 + 2 * i));
    const answers = found.map(([, type, value]) => {
        const data = data_of(type, value);
        const fixed = Buffer.from([0xc0, 12, 0, kTypes[type], 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255]);
        return Buffer.concat([fixed, data]);
    });
    return { name, asked, bytes: Buffer.concat([head, ...answers]) };
}

// `records` are rows such as ['_sip._udp.city.test', 'SRV', '10 0 5060 a.city.test']. Returns what
// was asked, as "name type", as it comes.
export async function start_dns(address, records) {
    const socket = createSocket('udp4');
    await new Promise((done, failed) => {
        socket.once('error', ({ code }) => failed(new Skip(`no port 53 for a DNS server: ${code}`)));
        socket.bind(53, address, done);
    });
    after_test(() => socket.close());
    const asked = [];
    socket.on('message', (question, from) => {
        const answer = answer_to(question, records);
        asked.push(`${answer.name} ${answer.asked}`);
        socket.send(answer.bytes, from.port, from.address);
    });
    return asked;
}

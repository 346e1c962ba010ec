// A SIP peer that says exactly what a test wants, byte for byte, and reads what comes back. Over
// UDP by default; `StreamPeer` speaks TCP.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

import { after_test, before_end, wait_for } from './lib.mjs';

let requests = 0;

export const kOffer = (address, port = 40_000) => `v=0\r
o=- 1 1 IN IP4 ${address}\r
s=-\r
c=IN IP4 ${address}\r
t=0 0\r
m=audio ${port} RTP/AVP 8\r
a=rtpmap:8 PCMA/8000\r
`;

// Start line, headers (lists by lower-case name) and body of a message.
export function parse(bytes) {
    const text = bytes.toString('latin1');
    const end = text.indexOf('\r\n\r\n');
    const [start, ...lines] = text.slice(0, end).split('\r\n');
    const headers = {};
    for (const line of lines) {
        const colon = line.indexOf(':');
        const name = line.slice(0, colon).trim().toLowerCase();
        (headers[name] ??= []).push(line.slice(colon + 1).trim());
    }
    const is_response = start.startsWith('SIP/2.0 ');
    return {
        start,
        status: is_response ? Number(start.split(' ')[1]) : 0,
        method: is_response ? '' : start.split(' ')[0],
        header: (name) => headers[name.toLowerCase()]?.[0],
        all: (name) => headers[name.toLowerCase()] ?? [],
        body: text.slice(end + 4),
        text,
    };
}

class Peer {
    constructor() {
        this.messages = [];
        this.taken = 0;
    }

    // A request outside a dialog. Fields set to null leave a header out; `lines` are added.
    write({ method = 'INVITE', uri, number = 'bank', lines = [], body, type, ...fields }) {
        requests += 1;
        const target = uri ?? `sip:${number}@${this.target}`;
        const call_id = fields.call_id ?? `e2e-${process.pid}-${requests}`;
        const cseq = fields.cseq ?? `1 ${method}`;
        const branch = fields.branch ?? `z9hG4bK-${process.pid}-${requests}`;
        const offer = method === 'INVITE' ? kOffer(this.address) : '';
        const content = body ?? offer;
        const via = `SIP/2.0/${this.transport} ${this.address}:${this.port};branch=${branch};rport`;
        const from_tag = fields.from_tag ?? `from${requests}`;
        const head = {
            Via: via,
            'Max-Forwards': '70',
            From: `<sip:lena@${this.address}>;tag=${from_tag}`,
            To: fields.to ?? `<${target}>`,
            'Call-ID': call_id,
            CSeq: cseq,
            Contact: `<sip:lena@${this.address}:${this.port}${this.transport === 'TCP' ? ';transport=tcp' : ''}>`,
            'Content-Type': content ? (type ?? 'application/sdp') : null,
            ...fields.headers,
        };
        const written = Object.entries(head).filter(([, value]) => value !== null);
        const text = [
            `${method} ${target} ${fields.version ?? 'SIP/2.0'}`,
            ...written.map(([name, value]) => `${name}: ${value}`),
            ...lines,
            `Content-Length: ${fields.content_length ?? content.length}`,
            '',
            content,
        ].join('\r\n');
        return { text, call_id, cseq, branch, from_tag, target, body: content };
    }

    // Sends a request and waits for its first response that `wanted` likes (default: a final one).
    async ask(fields, wanted = (response) => response.status >= 200) {
        const request = this.write(fields);
        this.send(request.text);
        const response = await this.response(request, wanted);
        return { request, response };
    }

    response(request, wanted = (response) => response.status >= 200, limit_ms = 8000) {
        return wait_for(() => `an answer to ${request.text.split('\r\n')[0]}; came:\n` +
            this.messages.map(({ start }) => start).join('\n'), () =>
            this.messages.find((message) => message.status > 0 &&
                message.header('Call-ID') === request.call_id &&
                message.header('CSeq') === request.cseq && wanted(message)), limit_ms);
    }

    // The next request of that method we have not taken yet.
    incoming(method, limit_ms = 8000) {
        return wait_for(() => `a ${method}; came:\n` +
            this.messages.map(({ start }) => start).join('\n'), () => {
            const found = this.messages.find((m) => m.method === method && !m.is_taken);
            if (found) {
                found.is_taken = true;
            }
            return found;
        }, limit_ms);
    }

    // Inside the dialog that `response` to our INVITE made.
    inside(invite, response, fields) {
        const contact = /<([^>]*)>/.exec(response.header('Contact'))?.[1];
        return {
            uri: contact,
            to: response.header('To'),
            call_id: invite.call_id,
            from_tag: invite.from_tag,
            ...fields,
        };
    }

    acknowledge(invite, response) {
        const is_good = response.status < 300;
        const number = invite.cseq.split(' ')[0];
        const fields = is_good
            ? this.inside(invite, response, {})
            : { uri: invite.target, to: response.header('To'), branch: invite.branch,
                call_id: invite.call_id, from_tag: invite.from_tag };
        this.send(this.write({ ...fields, method: 'ACK', cseq: `${number} ACK`, body: '' }).text);
    }

    // What ends a call soonest.
    oblige(message) {
        if (message.method === 'BYE' || message.method === 'CANCEL') {
            this.answer(message, 200);
        } else if (message.method === 'INVITE') {
            this.answer(message, 486);
        }
    }

    // Answers a request that came in; `lines` and a body may be added.
    answer(request, status, { lines = [], body = '', tag = 'e2e' } = {}) {
        const to = request.header('To');
        this.send([
            `SIP/2.0 ${status} Test`,
            ...request.all('Via').map((via) => `Via: ${via}`),
            ...request.all('Record-Route').map((route) => `Record-Route: ${route}`),
            `From: ${request.header('From')}`,
            `To: ${to.includes('tag=') ? to : `${to};tag=${tag}`}`,
            `Call-ID: ${request.header('Call-ID')}`,
            `CSeq: ${request.header('CSeq')}`,
            `Contact: <sip:phone@${this.address}:${this.port}>`,
            ...(body ? ['Content-Type: application/sdp'] : []),
            ...lines,
            `Content-Length: ${body.length}`,
            '',
            body,
        ].join('\r\n'));
    }
}

export class UdpPeer extends Peer {
    static async open(target, address = '127.0.0.1', port = 0) {
        const peer = new UdpPeer();
        peer.transport = 'UDP';
        peer.target = target;
        peer.address = address;
        peer.socket = createSocket('udp4');
        await new Promise((done, failed) => {
            peer.socket.once('error', failed);
            peer.socket.bind(port, address, done);
        });
        peer.port = peer.socket.address().port;
        peer.socket.on('message', (bytes, from) => {
            const message = parse(bytes);
            message.from = from;
            peer.messages.push(message);
            if (peer.is_obliging) {
                peer.oblige(message);
            }
        });
        before_end(() => (peer.is_obliging = true));
        peer.close = () => {
            peer.socket?.close();
            peer.socket = undefined;
        };
        after_test(peer.close);
        return peer;
    }

    send(text) {
        const [host, port] = this.target.split(':');
        this.socket.send(Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'), Number(port), host);
    }
}

export class StreamPeer extends Peer {
    static async open(target) {
        const peer = new StreamPeer();
        const [host, port] = target.split(':');
        peer.transport = 'TCP';
        peer.target = target;
        peer.is_closed = false;
        peer.unread = Buffer.alloc(0);
        peer.socket = connect(Number(port), host);
        await new Promise((done, failed) => {
            peer.socket.once('connect', done);
            peer.socket.once('error', failed);
        });
        peer.socket.on('error', () => {});
        peer.socket.on('close', () => (peer.is_closed = true));
        peer.socket.on('data', (data) => peer.take(data));
        peer.address = peer.socket.localAddress;
        peer.port = peer.socket.localPort;
        after_test(() => peer.socket.destroy());
        return peer;
    }

    take(data) {
        this.unread = Buffer.concat([this.unread, data]);
        for (;;) {
            const end = this.unread.indexOf('\r\n\r\n');
            if (end < 0) {
                return;
            }
            const length = Number(/^content-length *: *(\d+)/im.exec(
                this.unread.subarray(0, end).toString('latin1'))?.[1] ?? 0);
            if (this.unread.length < end + 4 + length) {
                return;
            }
            this.messages.push(parse(this.unread.subarray(0, end + 4 + length)));
            this.unread = this.unread.subarray(end + 4 + length);
        }
    }

    send(text) {
        this.socket.write(Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'));
    }

    closed(limit_ms = 5000) {
        return wait_for('the connection is closed', () => this.is_closed, limit_ms);
    }
}

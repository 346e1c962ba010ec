// The stand-in's half of calls from a page: concerns, a challenge if it is wanted, and one guest whose
// place is what `play` says. His audio is nobody's: no leg is offered.
import { createHash } from 'node:crypto';

const kScenes = {
    waiting: { state: 'waiting', before: 3, told_wait: { low_s: 70, high_s: 290, found_by: 'service_rate' } },
    next: { state: 'waiting', before: 0, told_wait: { low_s: 5, high_s: 40, found_by: 'service_rate' } },
    nobody: { state: 'waiting', before: 1, told_wait: { low_s: null, high_s: null, found_by: 'nobody_at_work' } },
    alerting: { state: 'alerting', before: null, told_wait: null },
    talking: { state: 'talking', before: null, told_wait: null },
    on_hold: { state: 'on_hold', before: null, told_wait: null },
};

function concern(queue, de, en, more = {}) {
    const wait = { low_s: 60, high_s: 170, found_by: 'service_rate' };
    return { queue, title: { de, en }, is_open: true, opens_at: null, waiting: 3, told_wait: wait, ...more };
}

function zero_bits(text) {
    const digest = createHash('sha256').update(text).digest();
    const first = digest.findIndex((byte) => byte !== 0);
    return first < 0 ? 256 : first * 8 + Math.clz32(digest[first]) - 24;
}

export class FakeGuests {
    constructor() {
        this.concerns = [
            concern('bank', 'Fragen zum Konto', 'About your account'),
            concern('mobile', 'Mobilfunk: bestellen und ändern', 'Mobile: order and change', {
                waiting: 0,
                told_wait: { low_s: 0, high_s: 0, found_by: 'idle_agent' },
            }),
            concern('extension', 'Mobilfunkvertragsverlängerungsberatung', 'Extension of mobile contracts', {
                waiting: 1,
                told_wait: { low_s: null, high_s: null, found_by: 'nobody_at_work' },
            }),
            concern('travel', 'Reisen', 'Travel', {
                is_open: false,
                opens_at: new Date(Date.now() + 3 * 86_400_000).toISOString(),
                waiting: 0,
                told_wait: null,
            }),
        ];
        this.bits = 0; // of the challenge that is asked; 0: none
        this.refusal = null; // { status, code, retry } for the next call
        this.scene = 'waiting';
        this.kind = 'voice';
        this.lines = [];
        this.socket = null;
        this.said = []; // for tests
    }

    // The answer to a request below /api/v1/call: [status, body, headers].
    answer(route, body) {
        if (route === 'GET /call') {
            return [200, { concerns: this.concerns, asks_challenge: this.bits > 0 }];
        }
        if (route === 'POST /call/challenge') {
            return [200, { challenge: `1795428000.${this.bits}.abcdef`, bits: this.bits, expires: '' }];
        }
        this.said.push(body);
        if (this.refusal !== null) {
            const { status, code, retry } = this.refusal;
            this.refusal = null;
            return [status, { error: { code, message: '' } }, { 'Retry-After': String(retry) }];
        }
        const { challenge, answer } = body.solution ?? {};
        if (this.bits > 0 && zero_bits(`${challenge}:${answer}`) < this.bits) {
            return [428, { error: { code: 'challenge_needed', message: '' } }];
        }
        this.kind = body.kind;
        this.lines = [];
        return [201, { token: 'a'.repeat(64), expires: '' }];
    }

    // A file that he sends or fetches.
    file(request, response) {
        request.resume();
        if (request.method === 'POST') {
            this.write('caller', new URL(request.url, 'http://page').searchParams.get('name'), 7);
            response.writeHead(201, { 'Content-Type': 'application/json' }).end('{"file":7}');
        } else {
            response.writeHead(200, { 'Content-Type': 'application/pdf' }).end('%PDF-');
        }
    }

    join(socket) {
        this.socket = socket;
        socket.on('message', (data) => this.hear(socket, JSON.parse(String(data))));
    }

    hear(socket, message) {
        this.said.push(message);
        if (message.type === 'hello') {
            this.send({ type: 'welcome', queue: 'bank', kind: this.kind });
            this.kind === 'text' && this.send({ type: 'chat', lines: this.lines });
            this.play(this.scene);
        } else if (message.type === 'chat_say') {
            this.write('caller', message.text);
        } else if (message.type === 'phone_close') {
            this.end('hung_up');
        }
    }

    // A line of the chat; with `file` its text is a file's name.
    write(side, text, file = null) {
        const line = { number: this.lines.length + 1, at: new Date().toISOString(), side, text, file };
        this.lines.push(line);
        this.send({ type: 'chat_line', line });
    }

    play(scene) {
        this.scene = scene;
        this.send({ type: 'place', why: null, ...kScenes[scene] });
    }

    end(why) {
        this.send({ type: 'place', state: 'over', before: null, told_wait: null, why });
    }

    send(message) {
        this.socket?.send(JSON.stringify(message));
    }
}

// A stand-in for the centre's API: one small centre in memory, for the end-to-end test and for
// work on the screens. `npm run fake` serves ui/dist on http://127.0.0.1:8089; sign in as anna
// (agent) or greta (supervisor) with the password "lanze-lanze", and change the picture with
// `curl -X POST http://127.0.0.1:8089/fake/alerting` (scenes: see kScenes).
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WebSocketServer } from 'ws';

import { FakeChat, kChatEffects, kFilesPath } from './fake-chat.mjs';
import { FakeGuests } from './fake-guests.mjs';
import { FakeDesk } from './fake-desk.mjs';
import { dial, kOwnCallScenes } from './fake-own-call.mjs';
import { FakePhone } from './fake-phone.mjs';

const kDist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
const kPassword = 'lanze-lanze';
const kFailuresMax = 5;
const kLockedFor_s = 900;
const kAnna = 3;
const kPeople = {
    anna: { name: 'anna', roles: ['agent'], agent: kAnna },
    greta: { name: 'greta', roles: ['supervisor'], agent: null },
    nobody: { name: 'nobody', roles: ['agent'], agent: null },
};
const kTypes = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
const kRoot = '/api/v1';
const kMayDial = { allowed: ['+49', '+43', '4711'], forbidden: ['+4915'] };
const kPages = { '/': '/index.html', '/call': '/call.html' };

function queue(id, name, counts, short_of = 0) {
    const [waiting, since, talking, ready, signed_on, offered, answered, abandoned] = counts;
    const within = Math.floor(answered * 0.87);
    return {
        id,
        name,
        waiting,
        longest_waiting_since: since,
        talking,
        agents_ready: ready,
        agents_signed_on: signed_on,
        short_of,
        is_open: id !== 3,
        changes_at: id === 3 ? new Date(Date.now() + 3 * 86_400_000).toISOString() : null,
        offered,
        answered,
        abandoned,
        diverted: id === 2 ? 6 : 0,
        cut_off: id % 2,
        blocked: id === 2 ? 14 : 0,
        answered_within: within,
        service_level: {
            part: within,
            whole: Math.max(0, offered - Math.floor(abandoned / 2)),
            definition: 'answered_within_per_offered_less_short',
            within_s: 20,
        },
        told_wait: id === 3 ? null : told_wait(waiting, ready, signed_on), // closed
    };
}

// About a minute for each who waits and each agent; the real centre knows better.
function told_wait(waiting, ready, signed_on) {
    const has_range = signed_on > 0;
    const high_s = ready > waiting ? 0 : 60 * (waiting + 1);
    return {
        low_s: has_range ? Math.floor(high_s / 3) : null,
        high_s: has_range ? high_s : null,
        told_at: new Date().toISOString(),
        found_by: !has_range ? 'nobody_at_work' : high_s === 0 ? 'idle_agent' : 'service_rate',
        cause: null,
    };
}

function agent(id, name, state, more = {}) {
    return {
        id,
        name,
        state,
        reason: null,
        wish: null,
        since: null,
        until: null,
        contact: null,
        has_desk: true,
        is_phone_reachable: true,
        written: [],
        ...(id === kAnna ? { withheld: null, wants_breather: false, is_wrap_up_extended: false, may_dial: null, dialled: null } : {}),
        ...more,
    };
}

function first_picture(ago) {
    const unreachable = { reason: 'phone_unreachable', is_phone_reachable: false };
    return {
        queues: [
            queue(1, 'Kontoservice', [3, ago(162), 12, 2, 14, 1284, 1201, 61], 2),
            queue(2, 'Karten und Sperren', [0, null, 4, 2, 9, 377, 371, 6]),
            queue(3, 'Mobilfunkvertragsverlängerungsberatung', [1, ago(8), 1, 1, 2, 58, 49, 8], 1),
            queue(4, 'Reisen', [0, null, 0, 0, 0, 0, 0, 0]),
        ],
        agents: [
            agent(3, 'anna', 'not_ready', { reason: 'signed_out', since: ago(5) }),
            agent(4, 'ben', 'talking', { since: ago(312), contact: 21 }),
            agent(5, 'Dr. Constanze von Mecklenburg-Vorpommern', 'wrap_up', { since: ago(9) }),
            agent(6, 'dilek', 'not_ready', { reason: 'break_time', since: ago(1260) }),
            agent(7, 'emil', 'not_ready', { ...unreachable, since: ago(70) }),
            agent(8, 'fatma', 'ready', { since: ago(33) }),
            agent(10, 'hatice', 'talking', { since: ago(40), contact: 26 }),
            agent(9, 'gregor', 'talking', { since: ago(64), contact: 22 }),
        ],
        contacts: [
            contact(21, 1, 'talking', ago(355), ago(312), 4, '+49 30 901820'),
            contact(22, 2, 'on_hold', ago(80), ago(12), 9, ''),
            contact(23, 1, 'waiting', ago(162), ago(162), null, '+49 170 5550113'),
            contact(24, 1, 'waiting', ago(91), ago(91), null, '+49 151 5550128'),
            { ...contact(26, 0, 'talking', ago(45), ago(40), 10, 'Dr. Constanze von Mecklenburg-Vorpommern'), channel: 'own_call' },
            contact(25, 3, 'waiting', ago(8), ago(8), null, 'sip:reisebuero.sonnenschein@telefon.example.net'),
        ],
    };
}

function contact(id, queue_id, state, queued, since, agent_id, caller) {
    const routing = {
        priority: 5,
        step: 0,
        is_overdue: false,
        needs: {},
        told_wait: null,
        about: null,
        about_caller: null,
        is_joined: false,
        consultations: [],
        outside: null,
    };
    return { id, queue: queue_id, channel: 'voice', state, queued, since, agent: agent_id, caller, ...routing };
}

// anna (contact 30) and the colleagues she has asked, each as [state, is_joined].
function asked(ago, state, ...colleagues) {
    const names = ['ben', 'Dr. Constanze von Mecklenburg-Vorpommern', 'dilek'];
    const open = contact(30, 1, state, ago(297), ago(15), kAnna, '+49 170 5550199');
    open.consultations = colleagues.map(([theirs, is_joined], index) => ({
        contact: 41 + index,
        queue: 2,
        state: theirs,
        colleague: theirs === 'waiting' ? null : names[index],
        is_joined,
    }));
    return [{ state: 'talking', since: ago(192), contact: 30 }, open];
}

// anna (contact 30) and the number she has called.
function asked_outside(ago, state, outside, ...colleagues) {
    const [mine, open] = asked(ago, state, ...colleagues);
    open.outside = { number: '+4940123456', is_joined: false, end: null, ...outside };
    return [{ ...mine, may_dial: kMayDial }, open];
}

// ben asks anna about contact 21.
function is_asked(ago, ahead, state, is_joined = false) {
    const open = contact(30, 2, state, ago(14), ago(9), kAnna, 'ben');
    Object.assign(open, { about: 21, about_caller: '+49 30 901820', is_joined });
    const is_alerting = state === 'alerting';
    const until = is_alerting ? { until: ahead(12) } : {};
    const mine = is_alerting ? 'alerting' : 'talking';
    return [{ state: mine, since: ago(9), contact: 30, ...until }, open];
}

// ben calls anna, about no contact.
function is_called([mine, open]) {
    return [mine, { ...open, channel: 'consultation', about_caller: null }];
}

// What a scene makes of anna, and of the contact with her (id 30), if there is one.
const kScenes = {
    signed_out: ({ ago }) => [{ state: 'not_ready', reason: 'signed_out', since: ago(4) }],
    ready: ({ ago }) => [{ state: 'ready', since: ago(247) }],
    ceiling: ({ ago }) => [{ state: 'ready', since: ago(40), withheld: 'ceiling' }],
    break_due: ({ ago }) => [{ state: 'ready', since: ago(40), withheld: 'break_due' }],
    shift_over: ({ ago }) => [{ state: 'ready', since: ago(40), withheld: 'shift_over' }],
    breather: ({ ago, ahead }) => [
        { state: 'not_ready', reason: 'breather', since: ago(6), until: ahead(114) },
    ],
    breather_wanted: ({ ago }) => [
        { state: 'talking', since: ago(192), contact: 30, wants_breather: true },
        contact(30, 1, 'talking', ago(297), ago(192), kAnna, '+49 170 5550199'),
    ],
    break_time: ({ ago }) => [{ state: 'not_ready', reason: 'break_time', since: ago(754) }],
    missed: ({ ago, ahead }) => [
        { state: 'not_ready', reason: 'missed', since: ago(6), until: ahead(24) },
    ],
    phone_busy: ({ ago, ahead }) => [
        { state: 'not_ready', reason: 'phone_busy', since: ago(6), until: ahead(24) },
    ],
    wrap_up_over: ({ ago }) => [{ state: 'not_ready', reason: 'wrap_up', since: ago(12) }],
    phone_unreachable: ({ ago }) => [
        {
            state: 'not_ready',
            reason: 'phone_unreachable',
            since: ago(65),
            is_phone_reachable: false,
        },
    ],
    alerting: ({ ago, ahead }) => [
        { state: 'alerting', since: ago(3), until: ahead(12), contact: 30 },
        contact(30, 1, 'alerting', ago(105), ago(3), kAnna, '+49 170 5550199'),
    ],
    long_names: ({ ago, ahead }) => [
        { state: 'alerting', since: ago(3), until: ahead(12), contact: 30 },
        contact(30, 3, 'alerting', ago(3725), ago(3), kAnna,
            'sip:geschaeftsfuehrung.reisebuero.sonnenschein@telefonanlage.example.net'),
    ],
    talking: ({ ago }) => [
        { state: 'talking', since: ago(192), contact: 30 },
        contact(30, 1, 'talking', ago(297), ago(192), kAnna, '+49 170 5550199'),
    ],
    on_hold: ({ ago }) => [
        { state: 'talking', since: ago(192), contact: 30, wish: 'break_time' },
        contact(30, 1, 'on_hold', ago(297), ago(15), kAnna, '+49 170 5550199'),
    ],
    wrap_up: ({ ago, ahead }) => [
        { state: 'wrap_up', since: ago(6), until: ahead(14), contact: 30 },
    ],
    chat_alerting: ({ ago }) => [{ state: 'alerting', since: ago(3) }],
    chat: ({ ago }) => [{ state: 'talking', since: ago(40) }],
    chat_beside_call: ({ ago }) => [
        { state: 'talking', since: ago(192), contact: 30 },
        contact(30, 1, 'talking', ago(297), ago(192), kAnna, '+49 170 5550199'),
    ],
    chat_wrap_up: ({ ago }) => [{ state: 'wrap_up', since: ago(5) }],
    consult_waiting: ({ ago }) => asked(ago, 'on_hold', ['waiting', false]),
    consult_alerting: ({ ago }) => asked(ago, 'on_hold', ['alerting', false]),
    consult_talking: ({ ago }) => asked(ago, 'on_hold', ['talking', false]),
    consult_parked: ({ ago }) => asked(ago, 'talking', ['on_hold', false]),
    conference: ({ ago }) => asked(ago, 'talking', ['talking', true]),
    conference_of_five: ({ ago }) =>
        asked(ago, 'talking', ['talking', true], ['talking', true], ['talking', true]),
    may_dial: ({ ago }) => [
        { state: 'talking', since: ago(192), contact: 30, may_dial: kMayDial },
        contact(30, 1, 'talking', ago(297), ago(192), kAnna, '+49 170 5550199'),
    ],
    outside_ringing: ({ ago }) => asked_outside(ago, 'on_hold', { state: 'ringing' }),
    outside_talking: ({ ago }) => asked_outside(ago, 'on_hold', { state: 'talking' }),
    outside_parked: ({ ago }) => asked_outside(ago, 'talking', { state: 'talking' }),
    outside_joined: ({ ago }) =>
        asked_outside(ago, 'talking', { state: 'talking', is_joined: true }, ['talking', true]),
    outside_busy: ({ ago }) => asked_outside(ago, 'talking', { state: 'ended', end: 'busy' }),
    asked_alerting: ({ ago, ahead }) => is_asked(ago, ahead, 'alerting'),
    asked_talking: ({ ago, ahead }) => is_asked(ago, ahead, 'talking'),
    asked_joined: ({ ago, ahead }) => is_asked(ago, ahead, 'talking', true),
    wrap_up_extended: ({ ago, ahead }) => [
        { state: 'wrap_up', since: ago(6), until: ahead(34), contact: 30, is_wrap_up_extended: true },
    ],
    may_dial_ready: ({ ago }) => [{ state: 'ready', since: ago(247), may_dial: kMayDial }],
    called_by_colleague: ({ ago, ahead }) => is_called(is_asked(ago, ahead, 'alerting')),
    talks_with_colleague: ({ ago, ahead }) => is_called(is_asked(ago, ahead, 'talking')),
    ...kOwnCallScenes,
};

class FakeCentre {
    constructor(skew_ms) {
        this.skew_ms = skew_ms;
        this.sequence = 100;
        this.said = []; // commands that came in, for tests
        this.refusal = null; // { status, code, message } for the next command
        this.failures = 0;
        this.sessions = new Map();
        this.sockets = new Map(); // to the person at its other end
        this.is_closed_to_desks = false;
        this.phone = new FakePhone(this);
        this.chat = new FakeChat(this);
        this.chat.play('');
        this.guests = new FakeGuests();
        this.desk = new FakeDesk(this);
        this.reset();
    }

    reset() {
        Object.assign(this, first_picture((seconds) => this.time(-seconds)));
    }

    // The contract's times: microseconds, though a Date knows only milliseconds.
    time(offset_s = 0) {
        const at = new Date(Date.now() + this.skew_ms + offset_s * 1000);
        return at.toISOString().replace('Z', '000Z');
    }

    anna() {
        return this.agents.find((one) => one.id === kAnna);
    }

    // `change` may alter what the scene makes of her and of the contact.
    play(scene, change = () => {}) {
        const times = { ago: (s) => this.time(-s), ahead: (s) => this.time(s) };
        const [state, open = null] = kScenes[scene](times);
        change(state, open);
        const { written, contact: chat } = this.chat.play(scene);
        const had = this.contacts.filter((one) => one.id >= 30).map((one) => one.id);
        const shown = [open, chat].filter((one) => one !== null);
        Object.assign(this.anna(), agent(kAnna, 'anna', 'ready'), state, { written });
        this.contacts = [...this.contacts.filter((one) => one.id < 30), ...shown];
        this.tell({
            agents: [this.anna()],
            contacts: shown,
            contacts_gone: had.filter((id) => !shown.some((one) => one.id === id)),
        });
        this.chat.whole().forEach((whole) => this.chat.tell(whole));
        this.phone.follow(open);
    }

    dial(said) {
        dial(this, said);
    }

    empty() {
        Object.assign(this, { queues: [], agents: [], contacts: [] });
        for (const [socket, person] of this.sockets) {
            this.send(socket, person, { type: 'snapshot', ...this.picture() });
        }
    }

    picture() {
        return { queues: this.queues, agents: this.agents, contacts: this.contacts };
    }

    tell(changes) {
        this.sequence += 1;
        for (const [socket, person] of this.sockets) {
            this.send(socket, person, { type: 'changes', queues: [], contacts_gone: [], ...changes });
        }
    }

    send(socket, person, view) {
        const seen = (one) => {
            const { withheld, wants_breather, is_wrap_up_extended, may_dial, dialled, ...public_part } = one;
            return one.id === person.agent ? one : public_part;
        };
        const is_own = (one) => person.agent === null || one.agent === person.agent;
        const message = {
            ...view,
            sequence: this.sequence,
            at: this.time(),
            agents: view.agents
                .filter((one) => person.agent === null || one.id === person.agent)
                .map(seen),
            contacts: view.contacts.filter(is_own),
        };
        socket.send(JSON.stringify(message));
    }

    join(socket, person) {
        this.sockets.set(socket, person);
        socket.on('close', () => this.sockets.delete(socket));
        this.phone.join(socket);
        socket.on('message', (data) => void this.chat.hear(JSON.parse(String(data))));
        this.send(socket, person, { type: 'snapshot', ...this.picture() });
        this.chat.whole().forEach((whole) => socket.send(JSON.stringify(whole)));
    }

    drop_desks() {
        for (const socket of this.sockets.keys()) {
            socket.terminate();
        }
    }
}

function reply(response, status, body, headers = {}) {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(body === null ? '' : JSON.stringify(body));
}

function refuse(response, status, code, message, headers) {
    reply(response, status, { error: { code, message } }, headers);
}

async function body_of(request) {
    const parts = [];
    for await (const part of request) {
        parts.push(part);
    }
    const text = Buffer.concat(parts).toString();
    return text === '' ? {} : JSON.parse(text);
}

function person_of(centre, request) {
    const match = /lanze_session=(\w+)/.exec(request.headers.cookie ?? '');
    return match === null ? undefined : centre.sessions.get(match[1]);
}

async function sign_in(centre, request, response) {
    const { name, password } = await body_of(request);
    if (centre.failures >= kFailuresMax) {
        const headers = { 'Retry-After': String(kLockedFor_s) };
        return refuse(response, 429, 'locked_out', 'Wait and try again.', headers);
    }
    if (password !== kPassword || kPeople[name] === undefined) {
        centre.failures += 1;
        return refuse(response, 401, 'wrong_password', 'Name or password is not right.');
    }
    const key = `s${centre.sessions.size}x${Date.now().toString(36)}`;
    centre.sessions.set(key, kPeople[name]);
    const cookie = `lanze_session=${key}; HttpOnly; SameSite=Strict; Path=/`;
    reply(response, 200, kPeople[name], { 'Set-Cookie': cookie });
}

// What the desk's commands do at once; tests read `said` for what came in.
const kEffects = {
    '/desk/ready': (centre) => centre.play('ready'),
    '/desk/not-ready': (centre) => centre.play('break_time'),
    '/desk/breather': (centre) =>
        centre.play(centre.anna().contact === null ? 'breather' : 'breather_wanted'),
    '/desk/reject': (centre) => centre.play('missed'),
    '/desk/hang-up': (centre) =>
        centre.play(centre.anna().dialled?.end === null ? 'own_hung_up' : 'wrap_up'),
    '/desk/dial': (centre, said) => centre.dial(said),
    '/desk/transfer': (centre) => centre.play('wrap_up'),
    '/desk/consult': (centre, said) =>
        centre.play(said.number === undefined ? 'consult_alerting' : 'outside_ringing'),
    '/desk/consultation/talk': (centre, said) =>
        centre.play(said.with === 'caller' ? 'consult_parked' : 'consult_talking'),
    '/desk/consultation/join': (centre) => centre.play('conference'),
    '/desk/consultation/complete': (centre) => centre.play('wrap_up'),
    '/desk/consultation/end': (centre) => centre.play('talking'),
    '/desk/wrap-up/end': (centre) => centre.play('ready'),
    '/desk/wrap-up/extend': (centre) => centre.play('wrap_up_extended'),
    ...kChatEffects,
};

async function command(centre, path, request, response) {
    centre.said.push({ path, ...(await body_of(request)) });
    const refusal = centre.refusal;
    centre.refusal = null;
    if (refusal !== null) {
        return refuse(response, refusal.status, refusal.code, refusal.message);
    }
    kEffects[path](centre, centre.said[centre.said.length - 1]);
    reply(response, 200, { sequence: centre.sequence });
}

async function answer_api(centre, path, request, response) {
    const person = person_of(centre, request);
    const route = `${request.method} ${path}`;
    if (route === 'POST /session') {
        return sign_in(centre, request, response);
    }
    if (route === 'GET /session/ways') {
        return reply(response, 200, { password: true, provider: 'Nordlicht' });
    }
    if (route === 'GET /health') {
        return reply(response, 200, { status: 'ok', sequence: centre.sequence });
    }
    if (path.startsWith('/call/files')) {
        return centre.guests.file(request, response);
    }
    if (path.startsWith('/call')) {
        return reply(response, ...centre.guests.answer(route, await body_of(request)));
    }
    if (person === undefined) {
        return refuse(response, 401, 'not_signed_in', 'Sign in first.');
    }
    if (route === 'GET /session') {
        return reply(response, 200, person);
    }
    if (route === 'DELETE /session' || route === 'DELETE /sessions') {
        centre.sessions.clear();
        return reply(response, 204, null);
    }
    if (route === 'POST /session/password') {
        const { old } = await body_of(request);
        return old === kPassword
            ? reply(response, 204, null)
            : refuse(response, 401, 'wrong_password', 'The old password is not right.');
    }
    if (path === kFilesPath && request.method === 'POST') {
        const name = new URL(request.url, 'http://page').searchParams.get('name');
        request.resume();
        centre.chat.add('agent', name, 7);
        return reply(response, 201, { file: 7 });
    }
    if (kEffects[path] === undefined) {
        const has_body = request.method === 'PUT' || request.method === 'POST';
        const body = has_body ? await body_of(request) : {};
        const told = await centre.desk.answer(person, route, body, request);
        return told === null
            ? refuse(response, 404, 'not_found', 'There is nothing at this address.')
            : reply(response, told.status, told.body, told.headers);
    }
    return request.method === 'POST'
        ? command(centre, path, request, response)
        : refuse(response, 404, 'not_found', 'There is nothing at this address.');
}

function serve_page(path, response) {
    const file = join(kDist, normalize(kPages[path] ?? path));
    if (!file.startsWith(kDist) || !existsSync(file)) {
        response.writeHead(404).end();
        return;
    }
    response.writeHead(200, {
        'Content-Type': kTypes[extname(file)] ?? 'image/svg+xml',
        'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        'X-Content-Type-Options': 'nosniff',
    });
    createReadStream(file).pipe(response);
}

async function answer(centre, request, response) {
    const { pathname } = new URL(request.url, 'http://page');
    if (pathname.startsWith('/fake/') && kScenes[pathname.slice(6)] !== undefined) {
        centre.play(pathname.slice(6));
        return reply(response, 204, null);
    }
    if (pathname.startsWith(kRoot)) {
        return answer_api(centre, pathname.slice(kRoot.length), request, response);
    }
    serve_page(pathname, response);
}

// `skew_ms`: how far the centre's clock is ahead of the page's. Port 0: any free one.
export async function start_fake_server({ port = 0, skew_ms = 0 } = {}) {
    const centre = new FakeCentre(skew_ms);
    const sockets = new WebSocketServer({ noServer: true });
    const server = createServer((request, response) => void answer(centre, request, response));
    server.on('upgrade', (request, socket, head) => {
        if (request.url === `${kRoot}/call/live`) {
            sockets.handleUpgrade(request, socket, head, (opened) => centre.guests.join(opened));
            return;
        }
        const person = person_of(centre, request);
        if (person === undefined || centre.is_closed_to_desks) {
            socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
            return;
        }
        sockets.handleUpgrade(request, socket, head, (opened) => centre.join(opened, person));
    });
    await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
    const close = () => {
        centre.drop_desks();
        server.closeAllConnections();
        server.close();
    };
    return { centre, address: `http://127.0.0.1:${server.address().port}`, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    const { address } = await start_fake_server({ port: Number(process.argv[2] ?? 8089) });
    console.log(`fake centre on ${address}`);
}

// What all end-to-end tests share: a centre of its own for each test, waiting with deadlines, and
// an end for every process that was started, also after a failure. No dependencies; Node 18.
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const kHere = dirname(fileURLToPath(import.meta.url));
export const kRoot = resolve(kHere, '../..');
export const kProgram = process.env.LANZE_PROGRAM ?? join(kRoot, 'build/release/lanze');
export const kShared = process.env.LANZE_SHARED ?? resolve(kRoot, '../shared');

const kPollMs = 20;
const kPortFirst = 12_000; // below those that the system gives to whoever asks for any
const kPortEnd = 32_000;
const kEndMs = 10_000;

const tests = [];
const started = new Set(); // processes that must not outlive this one
const folders = new Set();
const closers = new Set(); // sockets and the like, closed after each test
const oblige = new Set();

// Skips a test: `throw new Skip('no kamailio')`.
export class Skip extends Error {}

export function test(name, run) {
    tests.push({ name, run });
}

export function note(text) {
    console.log(`# ${text}`);
}

export function check(is_good, what) {
    if (!is_good) {
        throw new Error(what);
    }
}

export function check_equal(actual, expected, what) {
    const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    check(found === wanted, `${what}: ${found} instead of ${wanted}`);
}

export function need(...programs) {
    for (const program of programs) {
        const is_there = ['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) =>
            existsSync(join(folder, program)),
        );
        if (!is_there) {
            throw new Skip(`the program ${program} is not installed`);
        }
    }
    if (!existsSync(kProgram)) {
        throw new Error(`${kProgram} is not built`);
    }
}

// Runs all tests of a file one after the other, or those whose name contains the first argument.
export async function run_tests() {
    const wanted = process.argv[2] ?? '';
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const chosen = tests.filter(({ name }) => name.includes(wanted));
    for (const [index, { name, run }] of chosen.entries()) {
        const began = Date.now();
        let line = `ok ${index + 1} - ${name}`;
        try {
            await run();
            counts.passed += 1;
        } catch (error) {
            if (error instanceof Skip) {
                counts.skipped += 1;
                line += ` # skip ${error.message}`;
            } else {
                counts.failed += 1;
                line = `not ${line}`;
                note(error.stack ?? String(error));
                if (process.env.LANZE_KEEP) {
                    [...started].forEach(({ name, output }) => note(`${name} said:\n${output}`));
                }
            }
        }
        const problem = await end_everything();
        if (problem && line.startsWith('ok')) {
            counts.passed -= 1;
            counts.failed += 1;
            line = `not ${line}`;
        }
        console.log(`${line} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    }
    console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.exit(counts.failed === 0 ? 0 : 1);
}

// The first value of `condition` that is neither false nor undefined; fails after `limit_ms` with
// `what`, a text or a function that makes one then.
export async function wait_for(what, condition, limit_ms = 10_000) {
    const limit = Date.now() + limit_ms;
    for (;;) {
        const value = await condition();
        if (value !== undefined && value !== false && value !== null) {
            return value;
        }
        if (Date.now() > limit) {
            const sought = typeof what === 'function' ? what() : what;
            throw new Error(`waited ${limit_ms} ms in vain: ${sought}`);
        }
        await new Promise((wake) => setTimeout(wake, kPollMs));
    }
}

export class Program {
    constructor(command, args, options = {}) {
        this.name = options.name ?? command.split('/').pop();
        this.output = '';
        this.code = undefined; // until it has ended
        this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
        this.child.stdin.on('error', () => {});
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.on('data', (data) => (this.output += data));
        }
        this.child.on('error', (error) => {
            this.output += String(error);
            this.code = 127;
        });
        this.child.on('close', (code, signal) => {
            this.code = code ?? signal;
            started.delete(this);
        });
        started.add(this);
    }

    says(text, limit_ms) {
        return wait_for(
            () => `${this.name} says "${text}"; it said:\n${this.output.slice(-3000)}`,
            () => {
                if (this.output.includes(text)) {
                    return true;
                }
                if (this.code !== undefined) {
                    throw new Error(`${this.name} ended with ${this.code}: ${this.output}`);
                }
                return false;
            },
            limit_ms,
        );
    }

    // The exit code; a signal's name if that ended it.
    ended(limit_ms = kEndMs) {
        return wait_for(`the end of ${this.name}`, () => this.code, limit_ms);
    }

    signal(name) {
        if (this.code === undefined) {
            this.child.kill(name);
        }
    }

    async end() {
        this.signal('SIGTERM');
        try {
            await this.ended();
        } catch {
            note(`${this.name} did not end in ${kEndMs} ms and was killed`);
            await this.kill();
        }
    }

    async kill() {
        this.signal('SIGKILL');
        await this.ended();
    }
}

// Whether something ended otherwise than it should.
async function end_everything() {
    const centres = [...started].filter(({ name }) => name === 'lanze serve');
    oblige.forEach((answer) => answer());
    // Callers and phones first, so that the centre sees no storm of its own making.
    for (const program of [...started].reverse()) {
        await program.end().catch(() => {});
    }
    [...closers].forEach((close) => close());
    closers.clear();
    oblige.clear();
    for (const folder of folders) {
        if (process.env.LANZE_KEEP) {
            note(`kept ${folder}`);
        } else {
            rmSync(folder, { recursive: true, force: true });
        }
    }
    folders.clear();
    const wrong = centres.filter(({ code }) => code !== 0);
    wrong.forEach(({ code, output }) => note(`the centre ended with ${code}:\n${output}`));
    return wrong.length > 0;
}

// Called before the centre of a test is stopped: peers then answer each BYE, so that it need not
// wait for them.
export function before_end(answer) {
    oblige.add(answer);
}

export function after_test(close) {
    closers.add(close);
}

process.on('exit', () => {
    for (const program of started) {
        program.child.kill('SIGKILL');
    }
});
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => process.exit(1));
}

export function temporary_folder(name = 'lanze-e2e-') {
    const folder = mkdtempSync(join(tmpdir(), name));
    folders.add(folder);
    return folder;
}

// A port that nobody has now, neither for UDP nor for TCP.
export async function free_port(address = '127.0.0.1') {
    for (;;) {
        const port = kPortFirst + Math.floor(Math.random() * (kPortEnd - kPortFirst));
        if ((await can_bind(() => createSocket('udp4'), port, address)) &&
            (await can_bind(() => createServer(), port, address))) {
            return port;
        }
    }
}

function can_bind(make, port, address) {
    return new Promise((tell) => {
        const socket = make();
        const bound = () => socket.close(() => tell(true));
        socket.once('error', () => tell(false));
        if (socket.bind) {
            socket.bind(port, address, bound);
        } else {
            socket.listen(port, address, bound);
        }
    });
}

// Each centre has an address of its own in 127.0.0.0/8, so that parallel runs do not meet; so has
// what a test puts beside it.
let centres = 0;
export function own_address() {
    centres += 1;
    const number = (process.pid * 67 + centres) % 60_000; // some files use dozens
    return `127.${10 + (number >> 8)}.${number & 255}.1`;
}

export class Centre {
    constructor(sections) {
        this.sections = sections;
        this.address = own_address();
        this.sip = `${this.address}:5060`;
        this.folder = temporary_folder();
        this.database = join(this.folder, 'centre.db');
        this.config = join(this.folder, 'centre.toml');
        this.passwords = {};
        writeFileSync(this.config, this.toml());
    }

    toml() {
        const { sip = '', media = '', trunk, floor, more = '' } = this.sections;
        return `
[centre]
name = "End to End"
[sip]
listen = ["udp://${this.sip}", "tcp://${this.sip}"]
${sip}
[media]
address = ${JSON.stringify(this.sections.media_addresses ?? this.address)}
ports = [20000, 29999]
${media}
[[trunk]]
name = "here"
${trunk ?? 'from = ["127.0.0.0/8"]'}
[http]
listen = "${this.address}:8080"
[journal]
path = "centre.db"
${floor}
${more}
`;
    }

    async start() {
        this.began = Date.now();
        // `under`: a command that runs the program, such as in a namespace of its own.
        const [command, ...args] = [...(this.sections.under ?? []), kProgram,
            'serve', '--config', this.config, '--quiet'];
        this.program = new Program(command, args, {
            name: 'lanze serve',
            cwd: this.folder,
        });
        await this.program.says('Ctrl-C ends', 30_000);
        this.start_ms = Date.now() - this.began;
        for (const line of this.program.output.split('\n')) {
            const [, name, password] = /^ {2}Sign in +(\S+) +(\S+)$/.exec(line) ?? [];
            if (name) {
                this.passwords[name] = password;
            }
        }
        return this;
    }

    stop() {
        return this.program.end();
    }

    async api(path, { method = 'GET', body } = {}) {
        const base = `http://${this.address}:8080`;
        if (!this.cookie) {
            const answer = await fetch(`${base}/api/v1/session`, {
                method: 'POST',
                headers: { 'Content-Type': 'application/json', Origin: base },
                body: JSON.stringify({ name: 'admin', password: this.passwords.admin }),
            });
            check(answer.ok, `sign-in: ${answer.status} ${await answer.clone().text()}`);
            this.cookie = answer.headers.get('set-cookie').split(';')[0];
        }
        const answer = await fetch(base + path, {
            method,
            headers: { Cookie: this.cookie, 'Content-Type': 'application/json', Origin: base },
            body: body === undefined ? undefined : JSON.stringify(body),
        });
        const text = await answer.text();
        check(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
        return text.startsWith('{') ? JSON.parse(text) : text;
    }

    async agent(name) {
        const { agents } = await this.api('/api/v1/agents');
        return agents.find((agent) => agent.name === name);
    }

    agent_is(name, state, limit_ms) {
        return wait_for(
            () => `${name} is ${state}; last ${JSON.stringify(this.last_seen)}`,
            async () => {
                const agent = await this.agent(name);
                this.last_seen = agent;
                return agent.state === state && agent;
            },
            limit_ms,
        );
    }

    async open_contacts() {
        return (await this.api('/api/v1/contacts?state=open&limit=1000')).contacts;
    }

    // Newest first.
    async ended_contacts() {
        return (await this.api('/api/v1/contacts?state=ended&limit=1000')).contacts;
    }

    // How the records balance, from the database itself.
    counts() {
        return counts_of(this.database);
    }
}

// Two queues, one for each time of answering, and one agent whose phone is at a fixed port.
export const floor_with_phone = (port, { bank = 'bank', travel = 'travel', more = '' } = {}) => `
[[queue]]
name = "bank"
numbers = ["${bank}"]
[[queue]]
name = "travel"
numbers = ["${travel}"]
answer = "when_connected"
[[agent]]
name = "anna"
phone = "sip:anna@127.0.0.1:${port}"
starts = "ready"
wrap_up = "0s"
check_every = "0s"
${more}
`;

// Many agents load-1, load-2 ... whose phones are all at one port: SIPp's.
export const fleet = (count, port, lines = '') => `
[[agents]]
count = ${count}
name = "load-{}"
phone = "sip:load-{}@127.0.0.1:${port}"
starts = "ready"
wrap_up = "0s"
check_every = "0s"
${lines}
`;

export async function start_centre(sections) {
    return new Centre(sections).start();
}

export function counts_of(database) {
    const sql = `SELECT count(*), count(answered), sum("end" = 0), sum("end" = 2 AND answered IS NULL),
        sum("end" = 2), (SELECT count(*) FROM blocked) FROM contact;`;
    const found = spawnSync('sqlite3', ['-readonly', '-cmd', '.timeout 5000', database, sql]);
    check(found.status === 0, `sqlite3: ${found.stderr}`);
    const numbers = found.stdout.toString().trim().split('|').map(Number);
    const [offered, answered, abandoned, cut_off_waiting, cut_off, blocked] = numbers;
    return { offered, answered, abandoned, cut_off_waiting, cut_off, blocked };
}

// The totals of `lanze report` by queue: { bank: { offered, answered, ... }, ... }.
export function report_of(centre) {
    const args = ['report', centre.config, '--from', 'yesterday', '--interval', '1d', '--format', 'json'];
    const made = spawnSync(kProgram, args, { cwd: centre.folder });
    check(made.status === 0, `lanze report: ${made.stderr}`);
    const { queues } = JSON.parse(made.stdout.toString());
    return Object.fromEntries(queues.map(({ name, total }) => [name, total]));
}

// What the records say about time, in seconds: how long callers came, how long they waited and talked.
export function times_of(database) {
    const sql = `SELECT (max(queued) - min(queued)) / 1e6, avg(answered - queued) / 1e6,
        max(coalesce(answered, ended) - queued) / 1e6, avg(ended - answered) / 1e6 FROM contact;`;
    const found = spawnSync('sqlite3', ['-readonly', database, sql]);
    const [arrivals, wait_mean, wait_max, talk_mean] = found.stdout.toString().split('|').map(Number);
    return { arrivals, wait_mean, wait_max, talk_mean };
}

// The resident memory and CPU time of a process, from /proc.
export function usage_of(program) {
    const stat = readFileSync(`/proc/${program.child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    const ticks = Number(stat[11]) + Number(stat[12]);
    return { cpu_s: ticks / 100, resident_kb: Number(stat[21]) * 4 };
}

// lanze call or, with '--agent', a phone.
export function lanze_call(centre, args) {
    return new Program(kProgram, ['call', '--server', centre.sip, ...args], { name: 'lanze call' });
}

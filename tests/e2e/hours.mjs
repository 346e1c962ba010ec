// Opening hours and overflow: what callers of a closed queue get, who is let go when one closes, and
// who goes on to the neighbours. Hours are written in whole minutes, so the closing is waited for
// while everything else happens: the test takes as long as the minute does, 75 s at most.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Centre, check, check_equal, free_port, kProgram, lanze_call, need, note, report_of, run_tests, test, wait_for } from './lib.mjs';
import { Sipp } from './sipp.mjs';

const kPromptMs = 1_200;
const kWithin = 'week = { mon-sun = "00:00-24:00" }';

// Of the zone UTC, since the process is told so.
const two = (number) => String(number).padStart(2, '0');
const clock = (at) => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
const date = (at) => at.toISOString().slice(0, 10);

// The full minute that is at least ten seconds away, and a span of today that ends with it.
function next_closing() {
    const at = new Date(Math.ceil((Date.now() + 10_000) / 60_000) * 60_000);
    const before = new Date(at - 3_600_000);
    const is_of_one_day = date(before) === date(new Date(at - 1));
    const end = clock(at) === '00:00' ? '24:00' : clock(at);
    return { at, span: `${is_of_one_day ? clock(before) : '00:00'}-${end}` };
}

const floor_of = (closing) => `
[[hours]]
name = "tomorrow"
${kWithin}
special_days = [{ date = "${date(new Date())}" }]
[[hours]]
name = "until_soon"
week = { mon-sun = "${closing.span}" }
[[queue]]
name = "closed"
numbers = ["closed"]
hours = "tomorrow"
[[queue]]
name = "diverts"
numbers = ["diverts"]
hours = "tomorrow"
at_closing = "divert"
closing_to = "third"
[[queue]]
name = "closing"
numbers = ["closing"]
hours = "until_soon"
at_closing = "end"
[[queue]]
name = "bank"
numbers = ["bank"]
overflow = [{ to = "second", waiting = 2 }]
[[queue]]
name = "second"
numbers = ["second"]
[[queue]]
name = "third"
numbers = ["third"]
[[agent]]
name = "anna"
phone = "registered"
password = "anna-on-trial"
`;

// 16 bit PCM at 8 kHz: a tone.
function write_tone(file, ms) {
    const samples = Math.round(ms * 8);
    const wav = Buffer.alloc(44 + 2 * samples);
    wav.write('RIFF');
    wav.writeUInt32LE(36 + 2 * samples, 4);
    wav.write('WAVEfmt ', 8);
    [[16, 4], [1, 2], [1, 2], [8_000, 4], [16_000, 4], [2, 2], [16, 2]].reduce((at, [value, size]) => {
        wav.writeUIntLE(value, at, size);
        return at + size;
    }, 16);
    wav.write('data', 36);
    wav.writeUInt32LE(2 * samples, 40);
    for (let i = 0; i < samples; i += 1) {
        wav.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * 600 * i) / 8_000)), 44 + 2 * i);
    }
    writeFileSync(file, wav);
}

async function caller(centre, number, count = 1) {
    const args = ['-s', number, '-m', String(count), '-r', '20'];
    return new Sipp({ scenario: 'caller_stays.xml', port: await free_port(), target: centre.sip, args });
}

const queue_of = async (centre, name) =>
    (await centre.api('/api/v1/queues')).queues.find((queue) => queue.name === name);

const waits_in = (centre, name, count) =>
    wait_for(`${count} wait in ${name}`, async () => (await queue_of(centre, name)).waiting === count);

async function check_closed(centre) {
    const queue = await queue_of(centre, 'closed');
    check_equal(queue.is_open, false, 'closed is open');
    const midnight = new Date(new Date().setUTCHours(24, 0, 0, 0));
    check_equal(Date.parse(queue.changes_at), midnight.getTime(), 'when it opens');
    const began = Date.now();
    const call = lanze_call(centre, ['closed', '--patience', '20']);
    await call.ended(20_000);
    const heard_ms = Date.now() - began;
    check(/480/.test(call.output), `no 480: ${call.output}`);
    check(heard_ms >= kPromptMs, `the announcement was cut short after ${heard_ms} ms`);
    await wait_for('the attempt is counted', async () => (await queue_of(centre, 'closed')).blocked === 1);
}

async function check_overflow(centre) {
    await caller(centre, 'bank', 4);
    await waits_in(centre, 'bank', 2);
    await waits_in(centre, 'second', 2);
    check_equal((await queue_of(centre, 'bank')).diverted, 2, 'diverted');
    const second = (await queue_of(centre, 'second')).id;
    const contact = (await centre.open_contacts()).find((one) => one.queue === second);
    const body = { queue: 'third' };
    await centre.api(`/api/v1/contacts/${contact.id}/queue`, { method: 'POST', body });
    await waits_in(centre, 'third', 1);
    await waits_in(centre, 'second', 1);
    await caller(centre, 'diverts');
    await waits_in(centre, 'third', 2);
}

test('closed queues turn away, closing ones let go, full ones overflow', async () => {
    need('sipp');
    const closing = next_closing();
    const centre = new Centre({ floor: floor_of(closing), media: 'closed_prompt = "closed.wav"', under: ['env', 'TZ=UTC'] });
    writeFileSync(centre.config, centre.toml().replace('[centre]', '[centre]\ntime_zone = "UTC"'));
    write_tone(join(centre.folder, 'closed.wav'), kPromptMs);
    const told = spawnSync(kProgram, ['hours', centre.config, '--days', '2']).stdout.toString();
    check(told.includes(`${date(new Date())}  closed `), `lanze hours: ${told}`);
    await centre.start();
    const waiting = await caller(centre, 'closing');
    await waits_in(centre, 'closing', 1);
    await check_closed(centre);
    await check_overflow(centre);
    await waiting.ended(90_000);
    const late_ms = Date.now() - closing.at;
    note(`let go ${late_ms} ms after closing, the announcement of ${kPromptMs} ms included`);
    check(late_ms >= kPromptMs && late_ms < kPromptMs + 3_000, `let go ${late_ms} ms after closing`);
    check_equal(waiting.figures().successful, 1, 'hung up in order');
    const [ended] = await centre.ended_contacts();
    check_equal(ended.end, 'closed', 'how the contact ended');
    check_equal((await queue_of(centre, 'closing')).is_open, false, 'closing is open');
    await centre.stop();
    const report = report_of(centre);
    check_equal([report.closing.diverted, report.bank.diverted, report.closed.blocked], [1, 2, 1], 'report');
});

await run_tests();

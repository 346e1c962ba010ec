// Callers in a browser against the real centre: Chromium with a microphone that sends a tone calls an agent in another
// Chromium, whose microphone sends another; levels are measured at both ends. baresip calls a browser agent, and what it
// recorded tells how long a reload of the agent's page is heard. Run by packaging/page.sh e2e:call.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { Baresip } from './baresip.mjs';
import { after_test, check, check_equal, free_port, need, note, run_tests, start_centre, temporary_folder, test,
    wait_for } from './lib.mjs';
import { floor, heard_at, kDeadlineMs, look, open_browser_with_microphone, open_desk } from './phone_desk.mjs';

const kGuestHertz = 1700;
const kAgentHertz = 1300; // far from those of the sounds that are played meanwhile
const kSipHertz = 440;
const kRate = 48_000;
const kHeardDb = -35;

const call_page = (lines = '') => `
[call_page]
enabled = true
${lines}
[[call_page.concern]]
queue = "bank"
title_en = "About your account"
`;

// Ten seconds, which Chromium's fake microphone plays again and again.
function tone_file(hertz) {
    const count = kRate * 10;
    const bytes = Buffer.alloc(44 + count * 2);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + count * 2, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20);
    bytes.writeUInt16LE(1, 22);
    bytes.writeUInt32LE(kRate, 24);
    bytes.writeUInt32LE(kRate * 2, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(count * 2, 40);
    for (let i = 0; i < count; i += 1) {
        bytes.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hertz * i) / kRate)), 44 + i * 2);
    }
    const file = join(temporary_folder('lanze-tone-'), `${hertz}.wav`);
    writeFileSync(file, bytes);
    return file;
}

// Steady tones are what noise suppression takes away. The connections are kept for codecs_at().
const as_it_is = (page) =>
    page.addInitScript(() => {
        globalThis.connections = [];
        globalThis.RTCPeerConnection = class extends RTCPeerConnection {
            constructor(...settings) {
                super(...settings);
                globalThis.connections.push(this);
            }
        };
        const open = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
        if (open) {
            navigator.mediaDevices.getUserMedia = () =>
                open({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
        }
    });

const browser_with_tone = (hertz) =>
    open_browser_with_microphone([`--use-file-for-fake-audio-capture=${tone_file(hertz)}`]);

async function open_agent(centre) {
    return open_desk(await browser_with_tone(kAgentHertz), centre, { prepare: as_it_is });
}

async function open_guest(browser, centre, address = `http://${centre.address}:8080/call`) {
    const context = await browser.newContext({ viewport: { width: 400, height: 640 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    await as_it_is(page);
    await page.goto(address);
    return page;
}

async function call(page, name = '') {
    await page.getByLabel(/About your account/).check();
    await page.getByLabel(/Your name/).fill(name);
    await page.getByRole('button', { name: 'Call now' }).click();
}

async function hears(page, who, hertz) {
    let last;
    await wait_for(() => `${who} hears ${hertz} Hz; last ${JSON.stringify(last)}`, async () => {
        last = await heard_at(page);
        return last.level > kHeardDb && Math.abs(last.frequency - hertz) < 15;
    }, kDeadlineMs);
    return `${last.level.toFixed(1)} dB at ${last.frequency.toFixed(0)} Hz`;
}

// What the page's browser sends and what came last, by its own count, of the call that is up.
const codecs_at = (page) =>
    page.evaluate(async () => {
        const connection = globalThis.connections.findLast(({ connectionState }) => connectionState === 'connected');
        const found = {};
        const report = await connection.getStats();
        for (const one of report.values()) {
            if (one.type === 'outbound-rtp' || one.type === 'inbound-rtp') {
                const codec = report.get(one.codecId);
                const packets = one.packetsSent ?? one.packetsReceived;
                found[one.type === 'outbound-rtp' ? 'sends' : 'hears'] = {
                    codec: codec?.mimeType, clock: codec?.clockRate, packets, lost: one.packetsLost, parameters: codec?.sdpFmtpLine };
            }
        }
        return found;
    });

async function speaks_with(page, who, sent, heard) {
    const codecs = await codecs_at(page);
    note(`${who}: ${JSON.stringify(codecs)}`);
    check_equal([codecs.sends?.codec, codecs.hears?.codec], [sent, heard], `codecs of ${who}`);
    return codecs;
}

async function both_talk(centre, name = 'Frau Meyer') {
    const desk = await open_agent(centre);
    const guest = await open_guest(await browser_with_tone(kGuestHertz), centre);
    await call(guest, name);
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await guest.getByText('You are talking').first().waitFor();
    return { desk, guest };
}

// How loud a tone was in the page's ear, every 20 ms from now on.
const listen_for = (page, hertz) =>
    page.evaluate(async (frequency) => {
        globalThis.levels = [];
        const context = new AudioContext();
        await context.resume();
        const length = Math.round(context.sampleRate / 50);
        const analyser = new AnalyserNode(context, { fftSize: 1024 });
        let stream = null;
        const measure = () => {
            const audio = document.querySelector('audio');
            if (audio?.srcObject && audio.srcObject !== stream) {
                stream = audio.srcObject;
                context.createMediaStreamSource(stream).connect(analyser);
            }
            const samples = new Float32Array(analyser.fftSize);
            analyser.getFloatTimeDomainData(samples);
            const turn = 2 * Math.cos((2 * Math.PI * frequency) / context.sampleRate);
            let [before, last] = [0, 0];
            for (const sample of samples.subarray(-length)) {
                [before, last] = [last, sample + turn * last - before];
            }
            const power = last * last + before * before - turn * last * before;
            globalThis.levels.push([performance.now(), 10 * Math.log10((4 * power) / length ** 2 + 1e-12)]);
        };
        setInterval(measure, 20);
    }, hertz);

const longest_silence = (page, floor_db = -35) =>
    page.evaluate((least) => {
        let [longest, since] = [0, globalThis.levels[0][0]];
        for (const [at, level] of globalThis.levels) {
            if (level > least) {
                since = at;
            }
            longest = Math.max(longest, at - since);
        }
        return longest;
    }, floor_db);

test('a caller in a browser and an agent in a browser hear each other', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page() });
    const desk = await open_agent(centre);
    const browser = await browser_with_tone(kGuestHertz);
    const guest = await open_guest(browser, centre);
    await call(guest, 'Frau <Meyer>');
    await guest.getByText('It rings').last().waitFor();
    await look(guest, 'live_call_alerting');
    const second = await open_guest(browser, centre);
    await call(second);
    await second.getByText('You are next.').first().waitFor();
    const third = await open_guest(browser, centre);
    await call(third);
    await third.getByText('1 before you.').first().waitFor();
    await look(third, 'live_call_waiting');
    await wait_for('music while waiting', async () => (await heard_at(third)).level > -50, kDeadlineMs);
    await desk.getByText('Frau Meyer <web>').first().waitFor();
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await guest.getByText('You are talking').first().waitFor();
    note(`the guest hears ${await hears(guest, 'the guest', kAgentHertz)}`);
    note(`the agent hears ${await hears(desk, 'the agent', kGuestHertz)}`);
    for (const [page, who] of [[guest, 'the guest'], [desk, 'the agent']]) {
        const { hears: heard } = await speaks_with(page, who, 'audio/opus', 'audio/opus');
        check_equal([heard.clock, heard.lost], [48_000, 0], `clock and losses at ${who}`);
    }
    await look(guest, 'live_call_talking');
    await second.getByRole('button', { name: 'Hang up' }).click();
    await second.getByText('You have hung up.').waitFor();
    await third.getByText('You are next.').first().waitFor();
    await guest.getByRole('button', { name: 'Mute' }).click();
    await wait_for('the agent hears nothing', async () => (await heard_at(desk)).level < -60, kDeadlineMs);
    await guest.getByRole('button', { name: 'Speak again' }).click();
    await hears(desk, 'the agent', kGuestHertz);
    await desk.keyboard.press('h');
    await guest.getByText('You are on hold').first().waitFor();
    // Music is G.711, in the same stream.
    await wait_for('music on hold', async () => /PCM[AU]/.test((await codecs_at(guest)).hears.codec) &&
        (await heard_at(guest)).level > -50, kDeadlineMs);
    await desk.keyboard.press('h');
    await hears(guest, 'the guest', kAgentHertz);
    await speaks_with(guest, 'the guest after music', 'audio/opus', 'audio/opus');
    await guest.getByRole('button', { name: 'Hang up' }).click();
    await guest.getByText('You have hung up.').waitFor();
    await wait_for('the record', async () => (await centre.ended_contacts()).some((one) =>
        one.end === 'finished' && one.by === 'caller'), kDeadlineMs);
});

test('a reload of the caller\'s page in mid-call keeps the call', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page() });
    const { desk, guest } = await both_talk(centre);
    await hears(desk, 'the agent', kGuestHertz);
    await listen_for(desk, kGuestHertz);
    const began = Date.now();
    await guest.reload();
    await guest.getByText('You are talking').first().waitFor();
    await hears(guest, 'the guest', kAgentHertz);
    note(`the guest hears the agent again ${Date.now() - began} ms after the reload began`);
    await hears(desk, 'the agent', kGuestHertz);
    note(`without the guest in the agent's ear: ${(await longest_silence(desk)).toFixed(0)} ms`);
    check_equal((await centre.agent('anna')).state, 'talking', 'the agent');
    await desk.getByRole('button', { name: /Hang up/ }).click();
    await guest.getByText('ended by the other side').waitFor();
});

test('a caller whose page does not come back has hung up', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page('away_max = "5s"') });
    const { desk, guest } = await both_talk(centre);
    await hears(desk, 'the agent', kGuestHertz);
    const began = Date.now();
    await guest.context().close();
    await centre.agent_is('anna', 'ready', kDeadlineMs);
    note(`the call ended ${Date.now() - began} ms after the page was closed`);
    const [contact] = await wait_for('the record', async () => {
        const ended = await centre.ended_contacts();
        return ended.length > 0 && ended;
    });
    check_equal([contact.end, contact.by], ['finished', 'caller'], 'the record');
});

test('the centre is killed: the caller\'s page says so', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page() });
    const { guest } = await both_talk(centre);
    await centre.program.end('SIGKILL');
    await guest.getByText(/connection is interrupted|our system was restarted/).first().waitFor();
    await centre.start();
    await guest.getByText(/was not there any more|our system was restarted/).waitFor({ timeout: 30_000 });
    await guest.getByRole('button', { name: 'Call again' }).waitFor();
});

// A firm's page with the snippet of docs/call-page.md.
async function firm(centre, name = '127.0.0.1') {
    const server = createServer((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/html' });
        response.end(`<!doctype html><title>A firm</title><h1>A firm</h1>
<iframe src="http://${centre().address}:8080/call" title="Call us" allow="microphone" width="400" height="560"></iframe>`);
    });
    const port = await free_port();
    await new Promise((listening) => server.listen(port, '127.0.0.1', listening));
    after_test(() => (server.closeAllConnections(), server.close()));
    return { port, address: `http://${name}:${port}` };
}

test('a firm\'s page shows the call page in a frame, any other site does not', async () => {
    need('chromium');
    let centre = null;
    const { port, address } = await firm(() => centre);
    centre = await start_centre({ floor: floor(), more: call_page(`frame_ancestors = ["http://127.0.0.1:${port}"]`) });
    const desk = await open_agent(centre);
    const browser = await browser_with_tone(kGuestHertz);
    const page = await open_guest(browser, centre, address);
    const frame = page.frameLocator('iframe');
    await frame.getByLabel(/About your account/).check();
    await frame.getByRole('button', { name: 'Call now' }).click();
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await frame.getByText('You are talking').first().waitFor();
    note(`the agent hears the guest in the frame: ${await hears(desk, 'the agent', kGuestHertz)}`);
    await look(page, 'live_call_frame');
    const complaints = [];
    const other = await browser.newPage();
    other.on('console', (message) => complaints.push(message.text()));
    await other.goto(`http://localhost:${port}`);
    await wait_for(() => `the browser refuses; it said ${complaints}`, () =>
        complaints.some((text) => text.includes('frame-ancestors')), kDeadlineMs);
    note(complaints.find((text) => text.includes('frame-ancestors')));
    check_equal(await other.frameLocator('iframe').getByRole('button', { name: 'Call now' }).count(), 0, 'forms in the frame');
});

test('too many calls from one address are told so', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page('calls_per_address = { minute = 1 }') });
    const guest = await open_guest(await browser_with_tone(kGuestHertz), centre);
    await call(guest);
    await guest.getByRole('button', { name: 'Hang up' }).click();
    await guest.getByRole('button', { name: 'Call again' }).click();
    await call(guest);
    const text = await guest.getByText(/Too many calls came from your connection/).innerText();
    note(text);
    check(/in \d+ seconds/.test(text), 'it does not say when');
});

test('under load the page solves a challenge', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), more: call_page('proof_of_work_from = 0') });
    const guest = await open_guest(await browser_with_tone(kGuestHertz), centre);
    const without = await fetch(`http://${centre.address}:8080/api/v1/call`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"queue":"bank","kind":"voice"}' });
    check_equal(without.status, 428, 'a call without a solution');
    const began = Date.now();
    await call(guest);
    await guest.getByRole('button', { name: 'Hang up' }).waitFor();
    note(`solved and called in ${Date.now() - began} ms`);
    await guest.getByText('You are next.').first().waitFor();
});

test('a caller in a browser and an agent at a SIP phone hear each other; a reload while waiting keeps the place', async () => {
    need('chromium', 'baresip');
    const centre = await start_centre({
        floor: `
[[queue]]
name = "bank"
numbers = ["bank"]
[[agent]]
name = "ben"
phone = "registered"
password = "ben-on-trial"
starts = "ready"
wrap_up = "0s"
`,
        more: call_page(),
    });
    const guest = await open_guest(await browser_with_tone(kGuestHertz), centre);
    await call(guest, 'Lena');
    await guest.getByText('You are next.').first().waitFor();
    await guest.getByText('Nobody is there at the moment').waitFor();
    await guest.reload();
    await guest.getByText('You are next.').first().waitFor();
    check_equal((await centre.open_contacts()).length, 1, 'contacts after the reload');
    const account = `<sip:ben@${centre.sip}>;auth_user=ben;auth_pass=ben-on-trial;regint=60`;
    const ben = await Baresip.start({ account, hertz: kSipHertz, answermode: 'auto', name: 'ben' });
    // He may be called before anybody listens to his events.
    await ben.says('Call established', kDeadlineMs);
    note(`the guest hears ${await hears(guest, 'the guest', kSipHertz)}`);
    await ben.hears([kGuestHertz], 1);
    const levels = await ben.hears([kGuestHertz], 1);
    note(`the agent hears ${JSON.stringify(levels)}`);
    const { hears: heard } = await speaks_with(guest, 'the guest', 'audio/opus', 'audio/PCMA');
    check_equal(heard.lost, 0, 'losses at the guest');
    check(levels[kGuestHertz] > -25, 'the agent does not hear the guest');
    ben.command('hangup');
    await guest.getByText('ended by the other side').waitFor();
});

test('baresip calls an agent in a browser; a reload of the agent\'s page is a short gap at the caller\'s ear', async () => {
    need('chromium', 'baresip');
    const centre = await start_centre({ floor: floor() });
    const desk = await open_agent(centre);
    const account = '<sip:lena@127.0.0.1>;regint=0';
    const lena = await Baresip.start({ account, hertz: kSipHertz, name: 'lena', dial: `sip:bank@${centre.sip}` });
    await desk.getByRole('button', { name: /^Answer/ }).click();
    note(`the agent hears ${await hears(desk, 'the agent', kSipHertz)}`);
    await lena.hears([kAgentHertz], 1);
    const levels = await lena.hears([kAgentHertz], 2);
    note(`lena hears ${JSON.stringify(levels)}`);
    check(levels[kAgentHertz] > -25, 'lena does not hear the agent');
    const from = lena.heard_seconds();
    const from_ms = Date.now();
    desk.on('dialog', (dialog) => dialog.accept());
    const began = Date.now();
    await desk.reload();
    const loaded = Date.now();
    await hears(desk, 'the agent', kSipHertz);
    const heard = Date.now();
    await lena.hears([kAgentHertz], 2);
    const again = await lena.hears([kAgentHertz], 1);
    check(again[kAgentHertz] > -25, `lena does not hear the agent again: ${JSON.stringify(again)}`);
    // baresip records what comes: time in which no packet came is missing in the recording.
    const without_packets = Math.max(0, Date.now() - from_ms - (lena.heard_seconds() - from) * 1000);
    const without_tone = lena.longest_without(kAgentHertz, from) * 1000;
    note(`the reload took ${loaded - began} ms; the agent heard lena ${heard - loaded} ms after it`);
    note(`without the agent at lena's ear: ${without_tone.toFixed(0)} ms of other sounds in the recording, and ` +
        `${without_packets.toFixed(0)} ms in which nothing came`);
    check(without_tone + without_packets < 5000, 'the gap is too long');
    lena.command('hangup');
    await centre.agent_is('anna', 'ready');
});

await run_tests();

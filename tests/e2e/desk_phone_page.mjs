// What the tests of the telephone in the browser share: a desk whose page is the telephone, in a
// Chromium with a microphone that beeps; at the other end a second Chromium, in which a caller
// hums. Levels are measured on both sides.
import assert from 'node:assert/strict';

import { peer_in } from '../../ui/dev/fake-peer.mjs';
import { start_fake_server } from '../../ui/dev/fake-server.mjs';
import { complaints, open_browser, open_page, play, sign_in, told_of_shots, until } from './desk_page.mjs';

const kMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
const kPeer = [
    '--autoplay-policy=no-user-gesture-required',
    '--disable-features=WebRtcHideLocalIpsWithMdns',
];
const kHeardDb = -45;
export const kSilentDb = -65;
export const kLeg = 17; // the first that the stand-in gives
export const kAnswer = /^(Annehmen|Answer)/;
export const kHold = /^(Halten|Hold)/;
export const kResume = /^(Zurückholen|Resume)/;
export const kMute = /^(Stumm schalten|Mute)/;
export const kUnmute = /^(Stumm aufheben|Unmute)/;
export const kHere = /Anrufe kommen auf diese Seite|Calls come to this page/;

export const german = { language: 'de', theme: 'light' };

// The page's loudspeaker, in dB below full scale; -100 where nothing is played.
export function heard_by_agent(page) {
    return page.evaluate(async () => {
        const audio = document.querySelector('audio');
        if (audio.srcObject === null || audio.paused || audio.muted) {
            return -100;
        }
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 8192 });
        context.createMediaStreamSource(audio.srcObject).connect(analyser);
        await new Promise((resolve) => setTimeout(resolve, 400));
        const samples = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(samples);
        await context.close();
        const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
        return Math.max(-100, 10 * Math.log10(power + 1e-12));
    });
}

// The microphone beeps about twice a second, so "silent" must hold for longer than a pause.
export async function caller_hears_nothing(peer, leg = kLeg) {
    let quiet_since = null;
    await until('the caller hears nothing', async () => {
        const is_quiet = (await peer.level(leg)) < kSilentDb;
        quiet_since = is_quiet ? (quiet_since ?? Date.now()) : null;
        return quiet_since !== null && Date.now() - quiet_since > 1500;
    });
}

export async function caller_hears(peer, leg = kLeg) {
    await until('the caller hears the agent', async () => (await peer.level(leg)) > kHeardDb);
}

export async function agent_hears(page) {
    await until('the agent hears the caller', async () => (await heard_by_agent(page)) > kHeardDb);
}

export async function told(server, type, more = {}) {
    await until(`${type} said`, () => server.centre.phone.said.some((one) => one.type === type));
    const all = server.centre.phone.said;
    const [message] = all.splice(all.findIndex((one) => one.type === type), 1);
    for (const [name, value] of Object.entries(more)) {
        assert.equal(message[name], value, `${name} of ${type}`);
    }
    return message;
}

export async function desk_with_phone(browser, server, manner = german) {
    server.centre.phone.forget();
    const view = await open_page(browser, server, manner);
    await sign_in(view, 'anna');
    await play(view, server, 'ready', /Der nächste Anruf|The next contact/);
    await view.page.getByLabel(/in diesem Browser|in this browser/).check();
    await view.page.getByText(kHere).first().waitFor();
    return view;
}

export async function desk_in_call(browser, server, manner = german) {
    const view = await desk_with_phone(browser, server, manner);
    server.centre.play('alerting');
    await view.page.getByRole('button', { name: kAnswer }).waitFor();
    await until('the leg is there', () => server.centre.phone.legs.size === 1);
    await told(server, 'phone_described');
    await view.page.getByRole('button', { name: kAnswer }).click();
    await view.page.getByRole('button', { name: kMute }).waitFor();
    return view;
}

export async function leave(view, server) {
    server.centre.play('ready');
    await view.page.context().close();
}

// Runs `run(browser, server, peer)` and tells how it went.
export async function run_with_peer(name, run) {
    const server = await start_fake_server();
    const browser = await open_browser(kMicrophone);
    const far_browser = await open_browser(kPeer);
    try {
        const far_page = await far_browser.newPage();
        await far_page.goto(`${server.address}/assets/lanze.svg`);
        const peer = await peer_in(far_page);
        server.centre.phone.peer = peer;
        await run(browser, server, peer);
        assert.deepEqual(complaints, [], 'the browser complained');
        console.log(`${name}: ok, ${told_of_shots()}`);
    } finally {
        await far_browser.close();
        await browser.close();
        server.close();
    }
}

// The telephone in the browser against the real centre: a real Chromium with a microphone that beeps, callers who
// send a tone by SIP, levels measured at both ends. desk_phone.mjs looks at the page more closely, against a stand-in.
// Run by packaging/page.sh e2e:live. Screenshots go to LANZE_SHOTS if that is set.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Skip, after_test, check, check_equal, kRoot, lanze_call, need, run_tests, start_centre, test, wait_for } from './lib.mjs';

const kFlags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'];
const kDeadlineMs = 15_000;
const kHeardDb = -45;
const kTone = 440; // of the caller, in Hz
const floor = (more = '') => `
[[queue]]
name = "bank"
numbers = ["bank"]
skills = { bank = 1 }
[[agent]]
name = "anna"
skills = { bank = 3 }
phone = "browser"
wrap_up = "0s"
present_for = "30s"
${more}
`;

async function open_browser() {
    const modules = join(kRoot, 'ui/node_modules/playwright-core');
    if (!existsSync(modules)) {
        throw new Skip('the page\'s packages are not installed (packaging/page.sh build)');
    }
    const { chromium } = createRequire(import.meta.url)(modules);
    const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: kFlags });
    after_test(() => browser.close());
    return browser;
}

// A desk whose page is the telephone, ready for calls.
async function open_desk(browser, centre, name = 'anna') {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
    const page = await context.newPage();
    page.setDefaultTimeout(kDeadlineMs);
    await page.goto(`http://${centre.address}:8080/`);
    await page.locator('input[autocomplete=username]').fill(name);
    await page.locator('input[type=password]').fill(centre.passwords[name]);
    await page.keyboard.press('Enter');
    await page.getByLabel(/in this browser/).check();
    await page.getByText(/Calls come to this page/).first().waitFor();
    await page.keyboard.press('r');
    await centre.agent_is(name, 'ready');
    return page;
}

async function look(page, name) {
    if (process.env.LANZE_SHOTS) {
        await page.screenshot({ path: join(process.env.LANZE_SHOTS, `${name}.png`) });
    }
}

// What the page's loudspeaker plays: dB below full scale (-100: nothing) and the strongest frequency.
function heard_at(page) {
    return page.evaluate(async () => {
        const audio = document.querySelector('audio');
        if (!audio || audio.srcObject === null || audio.paused || audio.muted) {
            return { level: -100, frequency: 0 };
        }
        const context = new AudioContext();
        const analyser = new AnalyserNode(context, { fftSize: 8192 });
        context.createMediaStreamSource(audio.srcObject).connect(analyser);
        await new Promise((resolve) => setTimeout(resolve, 300));
        const samples = new Float32Array(analyser.fftSize);
        analyser.getFloatTimeDomainData(samples);
        const bins = new Float32Array(analyser.frequencyBinCount);
        analyser.getFloatFrequencyData(bins);
        await context.close();
        const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
        return {
            level: Math.max(-100, 10 * Math.log10(power + 1e-12)),
            frequency: (bins.indexOf(Math.max(...bins)) * context.sampleRate) / analyser.fftSize,
        };
    });
}

async function agent_hears_the_caller(page) {
    let last;
    await wait_for(() => `the agent hears the caller; last ${JSON.stringify(last)}`, async () => {
        last = await heard_at(page);
        return last.level > kHeardDb && Math.abs(last.frequency - kTone) < 15;
    }, kDeadlineMs);
    return last;
}

// The levels lanze call has heard so far, in dBm0.
const levels_at = (caller) =>
    [...caller.output.matchAll(/hears +(-?[\d.]+) dBm0/g)].map(([, level]) => Number(level));

// The newest level fits `is_fine`, measured from now on.
async function caller_hears(caller, what, is_fine) {
    const before = levels_at(caller).length;
    await wait_for(() => `the caller hears ${what}; heard ${levels_at(caller)}`,
        () => levels_at(caller).slice(before + 1).some(is_fine), kDeadlineMs);
    return levels_at(caller).at(-1);
}
const kLoud = (level) => level > -40;

async function in_call(centre, seconds = 60) {
    const browser = await open_browser();
    const desk = await open_desk(browser, centre);
    const caller = lanze_call(centre, ['--for', String(seconds), '--tone', String(kTone), 'bank']);
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await agent_hears_the_caller(desk);
    return { browser, desk, caller };
}


test('debug', async () => {
    const centre = await start_centre({ floor: floor() });
    const browser = await open_browser();
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
    const page = await context.newPage();
    await page.addInitScript(() => { const R = RTCPeerConnection; window.pcs=[]; window.RTCPeerConnection = class extends R { constructor(...a){ super(...a); window.pcs.push(this); this.addEventListener('icecandidateerror', e=>console.log('ice error', e.errorText)); this.addEventListener('icecandidate', e=>console.log('cand', e.candidate && e.candidate.candidate)); } }; });
    page.on('console', m => console.log('console', m.text()));
    page.on('pageerror', m => console.log('pageerror', m));
    page.on('websocket', ws => { ws.on('framesent', f => console.log('>>', f.payload.slice(0,3000))); ws.on('framereceived', f => /phone|refused/.test(f.payload) && console.log('<<', f.payload.slice(0, 3000))); });
    await page.goto(`http://${centre.address}:8080/`);
    await page.locator('input[autocomplete=username]').fill('anna');
    await page.locator('input[type=password]').fill(centre.passwords.anna);
    await page.keyboard.press('Enter');
    await page.getByLabel(/in this browser/).check();
    await page.getByText(/Calls come to this page/).first().waitFor();
    await page.keyboard.press('r');
    await centre.agent_is('anna', 'ready');
    const caller = lanze_call(centre, ['--for', '20', '--tone', '440', 'bank']);
    await page.getByRole('button', { name: /^Answer/ }).click();
    for (let i = 0; i < 4; ++i) {
    await new Promise(r => setTimeout(r, 1000));
    console.log(JSON.stringify(await page.evaluate(async () => { const out=[]; for (const pc of window.pcs) { const st=[]; (await pc.getStats()).forEach(r => { if (/candidate-pair|transport|inbound-rtp|outbound-rtp|local-candidate|remote-candidate/.test(r.type)) st.push(r); }); out.push({ice: pc.iceConnectionState, con: pc.connectionState, sig: pc.signalingState, gath: pc.iceGatheringState, st}); } return out; })));
    }
    console.log(await centre.api('/metrics').then(t => typeof t === 'string' ? t.split('\n').filter(l => /rtp|packets|media/.test(l) && !l.startsWith('#')).join('\n') : t));
    console.log(caller.output);
});
await run_tests();

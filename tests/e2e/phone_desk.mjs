// What tests of the telephone in the browser with the real centre share: a desk in Chromium with a microphone that
// beeps, a caller who sends a tone by SIP, and what each of them hears.
import { join } from 'node:path';

import { open_browser } from './browser.mjs';
import { lanze_call, wait_for } from './lib.mjs';

const kMicrophone = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection'];
export const kDeadlineMs = 15_000;
const kHeardDb = -45;
export const kTone = 440; // of the caller, in Hz
export const floor = (more = '') => `
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

export const open_browser_with_microphone = (flags = []) => open_browser([...kMicrophone, ...flags]);

// A desk whose page is the telephone, ready for calls.
export async function open_desk(browser, centre, { name = 'anna', prepare = async () => {} } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'en-GB' });
    const page = await context.newPage();
    await prepare(page);
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

export async function look(page, name) {
    if (process.env.LANZE_SHOTS) {
        await page.screenshot({ path: join(process.env.LANZE_SHOTS, `${name}.png`) });
    }
}

// What the page's loudspeaker plays: dB below full scale (-100: nothing) and the strongest frequency.
export function heard_at(page) {
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

export async function agent_hears_the_caller(page, hertz = kTone) {
    let last;
    await wait_for(() => `the agent hears the caller; last ${JSON.stringify(last)}`, async () => {
        last = await heard_at(page);
        return last.level > kHeardDb && Math.abs(last.frequency - hertz) < 15;
    }, kDeadlineMs);
    return last;
}

// The levels lanze call has heard so far, in dBm0.
const levels_at = (caller) =>
    [...caller.output.matchAll(/hears +(-?[\d.]+) dBm0/g)].map(([, level]) => Number(level));

// The newest level fits `is_fine`, measured from now on.
export async function caller_hears(caller, what, is_fine) {
    const before = levels_at(caller).length;
    await wait_for(() => `the caller hears ${what}; heard ${levels_at(caller)}`,
        () => levels_at(caller).slice(before + 1).some(is_fine), kDeadlineMs);
    return levels_at(caller).at(-1);
}
export const kLoud = (level) => level > -40;

// A muted page sends nothing, and of nothing lanze call prints nothing.
export async function caller_hears_nothing(caller) {
    let count = -1;
    let since = Date.now();
    await wait_for(() => `the caller hears nothing; heard ${levels_at(caller)}`, () => {
        const now = levels_at(caller).filter(kLoud).length;
        since = now === count ? since : Date.now();
        count = now;
        return Date.now() - since > 2500;
    }, kDeadlineMs);
}

export async function in_call(centre, { seconds = 60, flags = [], prepare } = {}) {
    const browser = await open_browser_with_microphone(flags);
    const desk = await open_desk(browser, centre, { prepare });
    const caller = lanze_call(centre, ['--for', String(seconds), '--tone', String(kTone), 'bank']);
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await agent_hears_the_caller(desk);
    return { browser, desk, caller };
}

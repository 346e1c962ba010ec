// The telephone in the browser against the real centre: a real Chromium with a microphone that beeps, callers who
// send a tone by SIP, levels measured at both ends. desk_phone.mjs looks at the page more closely, against a stand-in.
// Run by packaging/page.sh e2e:live. Screenshots go to LANZE_SHOTS if that is set.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { Skip, after_test, check_equal, kRoot, lanze_call, need, run_tests, start_centre, test, wait_for } from './lib.mjs';

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

// A muted page sends nothing, and of nothing lanze call prints nothing.
async function caller_hears_nothing(caller) {
    let count = -1;
    let since = Date.now();
    await wait_for(() => `the caller hears nothing; heard ${levels_at(caller)}`, () => {
        const now = levels_at(caller).filter(kLoud).length;
        since = now === count ? since : Date.now();
        count = now;
        return Date.now() - since > 2500;
    }, kDeadlineMs);
}

async function in_call(centre, seconds = 60) {
    const browser = await open_browser();
    const desk = await open_desk(browser, centre);
    const caller = lanze_call(centre, ['--for', String(seconds), '--tone', String(kTone), 'bank']);
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await agent_hears_the_caller(desk);
    return { browser, desk, caller };
}

test('a caller by SIP and an agent in the browser hear each other; hold plays music; the desk hangs up', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor() });
    const { desk, caller } = await in_call(centre);
    const heard = await agent_hears_the_caller(desk);
    console.log(`# the agent hears ${heard.level.toFixed(1)} dB at ${heard.frequency.toFixed(0)} Hz`);
    console.log(`# the caller hears ${await caller_hears(caller, 'the microphone', kLoud)} dBm0`);
    await look(desk, 'live_browser_phone_talking');
    await desk.keyboard.press('h');
    await desk.getByText('On hold for', { exact: true }).waitFor();
    console.log(`# on hold the caller hears ${await caller_hears(caller, 'music', kLoud)} dBm0`);
    await desk.keyboard.press('h');
    await agent_hears_the_caller(desk);
    await desk.keyboard.press('m');
    await caller_hears_nothing(caller);
    await desk.keyboard.press('m');
    await caller_hears(caller, 'the microphone', kLoud);
    await desk.getByRole('button', { name: /Hang up/ }).click();
    await caller.ended();
    check_equal(caller.code, 0, 'exit code of the caller');
    const [contact] = await centre.ended_contacts();
    check_equal([contact.end, contact.by], ['finished', 'agent'], 'the record');
});

test('a reload in mid-call keeps the call', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor() });
    const { desk, caller } = await in_call(centre);
    await caller_hears(caller, 'the microphone', kLoud);
    desk.on('dialog', (dialog) => dialog.accept());
    const began = Date.now();
    await desk.reload();
    const loaded = Date.now();
    await agent_hears_the_caller(desk);
    console.log(`# the agent hears the caller again ${Date.now() - loaded} ms after the page was loaded, ${Date.now() - began} ms after the reload began`);
    await caller_hears(caller, 'the microphone again', kLoud);
    check_equal((await centre.agent('anna')).state, 'talking', 'the agent');
    await caller.end();
    await centre.agent_is('anna', 'ready');
});

test('a page that does not come back gives its caller back to the queue', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor(), media: 'page_away_max = "5s"' });
    const { desk, caller } = await in_call(centre);
    await desk.context().close();
    await caller_hears(caller, 'that the agent will be right back', (level) => level > -60);
    await wait_for('the caller waits again', async () =>
        (await centre.open_contacts()).some((contact) => contact.state === 'waiting' && contact.priority === 1), kDeadlineMs);
    await caller.end();
});

test('the centre is killed and comes back: the page is its telephone again', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor() });
    const { desk, caller } = await in_call(centre);
    await centre.program.end('SIGKILL');
    await centre.start();
    await caller.ended();
    await desk.getByText(/Calls come to this page/).first().waitFor();
    await centre.agent_is('anna', 'ready', 30_000);
    const again = lanze_call(centre, ['--for', '30', '--tone', String(kTone), 'bank']);
    await desk.getByRole('button', { name: /^Answer/ }).click();
    await agent_hears_the_caller(desk);
    await again.end();
});

test('the agent hears himself in a test of the telephone', async () => {
    need('chromium');
    const centre = await start_centre({ floor: floor() });
    const browser = await open_browser();
    const desk = await open_desk(browser, centre);
    await desk.getByRole('button', { name: 'Set up and check' }).click();
    await desk.getByRole('button', { name: /^Check: speak/ }).click();
    await desk.getByText(/your voice arrives and is loud enough/).waitFor({ timeout: 30_000 });
    await look(desk, 'live_browser_phone_test');
});

await run_tests();

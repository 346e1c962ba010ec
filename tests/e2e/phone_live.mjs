// The telephone in the browser against the real centre: a real Chromium with a microphone that beeps, callers who
// send a tone by SIP, levels measured at both ends. desk_phone.mjs looks at the page more closely, against a stand-in.
// Run by packaging/page.sh e2e:phone. Screenshots go to LANZE_SHOTS if that is set.
import { check_equal, lanze_call, need, run_tests, start_centre, test, wait_for } from './lib.mjs';
import {
    agent_hears_the_caller,
    caller_hears,
    caller_hears_nothing,
    floor,
    in_call,
    kDeadlineMs,
    kLoud,
    kTone,
    look,
    open_browser_with_microphone,
    open_desk,
} from './phone_desk.mjs';

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
    await wait_for('the centre shows agents again', () => centre.agent('anna').catch(() => false));
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
    const browser = await open_browser_with_microphone();
    const desk = await open_desk(browser, centre);
    await desk.getByRole('button', { name: 'Set up and check' }).click();
    await desk.getByRole('button', { name: /^Check: speak/ }).click();
    await desk.getByText(/your voice arrives and is loud enough/).waitFor({ timeout: 30_000 });
    await look(desk, 'live_browser_phone_test');
});

await run_tests();
